"""Something that goes on beside a test until the test has seen enough."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def going_on(send: Callable[[threading.Event], None]) -> Iterator[None]:
    """Let `send` work in a thread of its own; the event tells it that it is over."""
    over = threading.Event()
    thread = threading.Thread(target=send, args=(over,))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
