"""Waiting for a job to end: PostgreSQL says when the ledger moved, nobody asks in a circle.

The connection listens outside any transaction, so that a waiting request holds no snapshot.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

LONGEST_WAIT = 10.0
LOOK_ANYWAY = 0.5

#: Half of a web process's threads at most: the others answer everybody else.
_seats = threading.BoundedSemaphore(settings.HEMAQUEUE["WAITING_SEATS"])


def wait_until(is_over: Callable[[], bool], *, seconds: float) -> bool:
    """Return whether `is_over` came true within `seconds`; at once where too many wait already."""
    if is_over():
        return True
    if seconds <= 0 or not _seats.acquire(blocking=False):
        return False
    try:
        return _listen(is_over, deadline=time.monotonic() + min(seconds, LONGEST_WAIT))
    finally:
        _seats.release()


def _listen(is_over: Callable[[], bool], *, deadline: float) -> bool:
    with _listening() as raw:
        while not is_over():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            select.select([raw], [], [], min(left, LOOK_ANYWAY))
            raw.poll()
            raw.notifies.clear()
    return True


@contextmanager
def _listening() -> Iterator[Any]:
    """Listen on this thread's connection to what wakes the dispatcher too."""
    with connection.cursor() as cursor:
        cursor.execute("LISTEN ledger")
    try:
        yield connection.connection
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UNLISTEN ledger")
        connection.connection.notifies.clear()
