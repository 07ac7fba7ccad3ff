"""What a worker's child asks of the kernel: its end, its place in line, its memory."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
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


def give_memory_back() -> None:
    """Return to the kernel what is free (glibc; elsewhere nothing happens)."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
