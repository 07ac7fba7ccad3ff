"""What a worker's child asks of the kernel: its end, its place in line, its memory."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

PR_SET_PDEATHSIG = 1
STDERR = 2
AUTOGROUP = Path("/proc/self/autogroup")


def die_with_parent(**_: Any) -> None:
    """Ask the kernel for SIGKILL when the parent ends (Linux; elsewhere nothing happens).

    Orphans would hold the queue's lock, and memory.
    """
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return


def stand_back(niceness: int) -> None:
    """Leave the processor to those who wait for a result.

    Linux compares niceness within a session only where it schedules sessions as groups (sched(7),
    "autogroup"): there, the session of this process has to stand back as a whole.
    """
    os.nice(niceness)
    with suppress(OSError):
        AUTOGROUP.write_text(str(niceness))


@contextmanager
def beside(live: Callable[[Event], None], *, patience: float | None = None) -> Iterator[None]:
    """Let `live` run in a thread while this lasts; its event says that it is over.

    Its end is waited for, `patience` seconds at most where there is a limit.
    """
    over = Event()
    thread = Thread(target=live, args=[over], daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(patience)


@contextmanager
def ends_when_it_hangs(seconds: float) -> Iterator[None]:
    """End this process where no thread of it gets a turn for `seconds`, and say where it was.

    Code that holds the interpreter's lock and does not return would stay until its time limit:
    minutes in which a child does nothing else. One process can have one such limit.
    """

    def live(over: Event) -> None:
        is_over = False
        while not is_over:
            faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)
            is_over = over.wait(seconds / 8)

    try:
        with beside(live):
            yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def give_memory_back() -> None:
    """Return to the kernel what is free (glibc; elsewhere nothing happens)."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
