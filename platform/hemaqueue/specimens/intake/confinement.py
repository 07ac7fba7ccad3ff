"""What a process may still do when it decodes files from outside: compute, and use one socket."""

from __future__ import annotations

import os
import resource
import signal
import time

from hemaqueue.specimens.intake.seccomp import deny_system_calls
from jobcontract.processes import die_with_parent

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS_PER_FILE = 10
WALL_SECONDS_PER_FILE = 14


def confine(*, keep: int) -> None:
    """Give up, for good, what decoding does not need. `keep` is the one descriptor that stays.

    Memory 2 GiB, no core dump (it would hold pixels), no file may grow, no further process, no
    other descriptor, no system call that opens files or connections; killed when the helper ends.
    """
    die_with_parent()
    os.closerange(0, 2)
    os.closerange(3, keep)
    os.closerange(keep + 1, 256)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for nothing in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(nothing, (0, 0))
    deny_system_calls()


def allow_one_more_file() -> None:
    """Give the next file its own 10 s of CPU and 14 s in all; the kernel ends what exceeds them."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    spent = int(time.process_time()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS_PER_FILE, hard))
    signal.alarm(WALL_SECONDS_PER_FILE)
