"""Waiting for work to end: PostgreSQL says when, to those alone who wait for that subject.

The connection listens outside any transaction, so that a waiting request holds no snapshot.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from hemaqueue.jobs.moving import ended_channel

LONGEST_WAIT = 10.0
LOOK_ANYWAY = 1.0

#: Half of a web process's threads at most: the others answer everybody else.
_seats = threading.BoundedSemaphore(settings.HEMAQUEUE["WAITING_SEATS"])


def wait_until(is_over: Callable[[], bool], *, subject: UUID, seconds: float) -> bool:
    """Return whether `is_over` came true within `seconds`; at once where too many wait already.

    Asked again whenever work on `subject` ends.
    """
    if is_over():
        return True
    if seconds <= 0 or not _seats.acquire(blocking=False):
        return False
    try:
        return _listen(is_over, subject, deadline=time.monotonic() + min(seconds, LONGEST_WAIT))
    finally:
        _seats.release()


def _listen(is_over: Callable[[], bool], subject: UUID, *, deadline: float) -> bool:
    with _listening(ended_channel(subject)) as raw:
        while not is_over():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            select.select([raw], [], [], min(left, LOOK_ANYWAY))
            raw.poll()
            raw.notifies.clear()
    return True


@contextmanager
def _listening(channel: str) -> Iterator[Any]:
    """Listen on this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {channel}")
    try:
        yield connection.connection
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"UNLISTEN {channel}")
        connection.connection.notifies.clear()
