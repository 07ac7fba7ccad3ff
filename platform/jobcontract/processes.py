"""What a worker's child asks of the kernel: its end, its place in line, its memory."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
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
def ends_when_it_hangs(seconds: float) -> Iterator[None]:
    """End this process where no thread of it gets a turn for `seconds`, and say where it was.

    Code that holds the interpreter's lock and does not return would stay until its time limit:
    minutes in which a child does nothing else. One process can have one such limit.
    """
    done = threading.Event()

    def live() -> None:
        over = False
        while not over:
            faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)
            over = done.wait(seconds / 8)

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        faulthandler.cancel_dump_traceback_later()


def give_memory_back() -> None:
    """Return to the kernel what is free (glibc; elsewhere nothing happens)."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
