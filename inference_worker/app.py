"""The inference worker's Celery app: `celery -A inference_worker.app worker -Q inference`."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init

from jobcontract import hands, presence  # noqa: F401  its signal handlers are what is wanted
from jobcontract.celeryconfig import child_limits, settings
from jobcontract.processes import die_with_parent

logger = logging.getLogger(__name__)

app = Celery("inference_worker")
app.conf.update(settings(imports=("inference_worker.tasks",), **child_limits()))

worker_process_init.connect(die_with_parent)


@worker_init.connect
def import_before_the_fork(**_: Any) -> None:
    """Import TensorFlow once for all children, which then start in a third of the time.

    Nothing may run in it here: what has run, or was built, hangs for ever in a forked child.
    """
    import inference_worker.engines  # noqa: F401


@worker_process_init.connect
def prepare_child(**_: Any) -> None:
    """One thread per child, children by core; engines are built before the first message.

    Whoever is started on demand, for one message, builds what that names.
    """
    import cv2

    from inference_worker import tensorflow_setup

    cv2.setNumThreads(1)
    tensorflow_setup.limit_threads(1)
    tensorflow_setup.prepare_devices()
    if hands.IDLE in os.environ:
        return
    try:
        from inference_worker.engines import warm_up

        warm_up()
    except Exception:  # a message that names a sound bundle must still find a worker
        logger.exception("The committed bundles could not be warmed up")
