"""Ctrl-C, SIGTERM and a closed terminal all end the same way: everything is stopped in order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The user or the system asked to end. Its argument is the signal's number."""


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Turn the first signal into Stopped; later ones do not disturb the stopping."""
    former = {number: signal.signal(number, _raise) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _raise(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)
