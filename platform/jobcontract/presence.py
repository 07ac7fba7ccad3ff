"""A worker's main process says every few seconds that it is there and what it listens to."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

from celery import Celery
from celery.signals import worker_ready

from jobcontract.messages import Tidings
from jobcontract.names import News
from jobcontract.telling import tell

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10.0


def name_of(process: int) -> str:
    """Return the name of the worker whose main process on this machine has this number."""
    return f"{socket.gethostname()}.{process}"


@worker_ready.connect
def announce(sender: Any, **_: Any) -> None:
    queues = tuple(str(queue.name) for queue in sender.task_consumer.queues)
    name = name_of(os.getpid())
    processes = int(getattr(sender.pool, "num_processes", 1))
    here = Tidings(kind=News.PRESENT, worker=name, queues=queues, processes=processes)
    threading.Thread(target=_announce, args=(sender.app, here), daemon=True).start()


def _announce(app: Celery, here: Tidings) -> None:
    while True:
        try:
            tell(app, here)
        except Exception as error:  # Redis may be away; the next one will be heard
            logger.info("Presence was not told: %s", type(error).__name__)
        time.sleep(EVERY_SECONDS)
