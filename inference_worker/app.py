"""The inference worker's Celery app: `celery -A inference_worker.app worker -Q inference`."""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from jobcontract import hands, presence  # noqa: F401  their signal handlers are what is wanted
from jobcontract.celeryconfig import child_limits, settings
from jobcontract.processes import die_with_parent

logger = logging.getLogger(__name__)

app = Celery("inference_worker")
app.conf.update(settings(imports=("inference_worker.tasks",), **child_limits()))

worker_process_init.connect(die_with_parent)


@worker_process_init.connect
def prepare_child(**_: Any) -> None:
    """One thread per child, children by core; engines are built before the first message."""
    import cv2

    from inference_worker import tensorflow_setup

    cv2.setNumThreads(1)
    tensorflow_setup.limit_threads(1)
    tensorflow_setup.prepare_devices()
    try:
        from inference_worker.engines import warm_up

        warm_up()
    except Exception:  # a message that names a sound bundle must still find a worker
        logger.exception("The committed bundles could not be warmed up")
