"""What a worker's main process has in hand, and giving it back when the process must end.

    SIGTERM ─▶ takes nothing new ─▶ what is in hand is finished, or given back after a while

What is given back was no crash: the platform offers it again at once. And a main process that
takes nothing for long, though work waits and it has hands free, ends itself: Celery's consumer
has been seen to survive a lost connection without consuming. Its supervisor starts it again.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.signals import task_received, worker_ready, worker_shutting_down
from celery.worker import state
from redis import Redis, RedisError

from jobcontract import signing
from jobcontract.environment import secret
from jobcontract.messages import MalformedMessage, Parcel
from jobcontract.names import News, Queue, redis_lists
from jobcontract.telling import BROKER_AWAY, news_of, tell

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = float(os.environ.get("HEMAQUEUE_SOFT_SHUTDOWN_SECONDS", "20"))
STUCK_SECONDS = float(os.environ.get("HEMAQUEUE_WATCHDOG_SECONDS", "90"))
#: While records takes nothing, nobody hears anything; it is started again within seconds.
RECORDS_STUCK_SECONDS = min(30.0, STUCK_SECONDS)
CHILD_START_SECONDS = 120
LOOKS = 10
STUCK_STATUS = 70
#: A worker that is started on demand ends after so long with nothing in hand; 0: never.
IDLE = "HEMAQUEUE_IDLE_SECONDS"

received = 0


@task_received.connect
def count_received(**_: Any) -> None:
    global received
    received += 1


@worker_ready.connect
def watch(sender: Any, **_: Any) -> None:
    """Start the watchdog, and remember through which app to give back."""
    processes = int(getattr(sender.pool, "num_processes", 1))
    queues = [queue.name for queue in sender.task_consumer.queues]
    keys = [key for queue in queues for key in redis_lists(queue)]
    client = Redis.from_url(secret("REDIS_URL"), socket_timeout=5, socket_connect_timeout=5)
    deaf = Watchdog(
        waiting=lambda: in_hand() < processes and any(client.llen(key) for key in keys),
        seconds=RECORDS_STUCK_SECONDS if Queue.RECORDS in queues else STUCK_SECONDS,
    )
    # What was taken waits for a child that starts: that may last, but not for ever.
    numb = Watchdog(
        waiting=lambda: in_work() < min(in_hand(), processes),
        seconds=STUCK_SECONDS + CHILD_START_SECONDS,
    )
    for dog in (deaf, numb):
        _start(_watch, dog, sender.app)
    if seconds := float(os.environ.get(IDLE, "0")):
        _start(_end_when_idle, Rest(busy=lambda: in_hand() > 0, seconds=seconds))

    @worker_shutting_down.connect(weak=False)
    def leave(**_: Any) -> None:
        _start(_leave, sender.app)


def _start(work: Callable[..., None], *arguments: Any) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()


def in_hand() -> int:
    """Return how many parcels were taken and are not over."""
    return len(state.reserved_requests)


def in_work() -> int:
    """Return how many of them a child works on."""
    return len(state.active_requests)


class Watchdog:
    """Says when work waited and none was taken, at each of LOOKS looks in a row.

    Looks are counted, not seconds: a machine that stood still has no fault.
    """

    def __init__(self, *, waiting: Callable[[], bool], seconds: float) -> None:
        self._waiting, self.seconds = waiting, seconds
        self._seen, self._looks = -1, 0

    def is_stuck(self) -> bool:
        """Look once; a Redis that is away is nobody's fault here."""
        try:
            waiting = self._waiting()
        except RedisError:
            waiting = False
        if not waiting or received != self._seen:
            self._seen, self._looks = received, 0
        else:
            self._looks += 1
        return self._looks >= LOOKS


def _watch(dog: Watchdog, app: Celery) -> None:
    while not dog.is_stuck():
        time.sleep(dog.seconds / LOOKS)
    logger.critical("Work waits and none was taken for %.0f s: this process ends", dog.seconds)
    give_back(app)
    os._exit(STUCK_STATUS)


class Rest:
    """Says when nothing was in hand for some seconds on end."""

    def __init__(self, *, busy: Callable[[], bool], seconds: float) -> None:
        self._busy, self._seconds = busy, seconds
        self._since: float | None = None

    def is_over(self, *, now: float) -> bool:
        """Look once, at `now` in monotonic seconds."""
        if self._since is None or self._busy():
            self._since = now
        return now - self._since > self._seconds


def _end_when_idle(rest: Rest) -> None:
    while not rest.is_over(now=time.monotonic()):
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(app: Celery) -> None:
    """Wait for what is in hand; the process ends by itself when it is finished before."""
    time.sleep(PATIENCE_SECONDS)
    give_back(app)
    os._exit(0)


def give_back(app: Celery) -> None:
    """Tell the platform of every parcel in hand that nobody here will finish it."""
    for request in list(state.reserved_requests):
        try:
            letter = request.kwargs["letter"]
            parcel = Parcel.from_json(signing.verify(letter, salt=signing.Salt.WORK))
            tell(app, news_of(parcel, News.RELEASED))
        except (signing.ForgedMessage, MalformedMessage, KeyError, *BROKER_AWAY) as error:
            logger.warning("A parcel was not given back: %s", type(error).__name__)
