"""Finding the processes that a fault is meant for."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def children_of(pid: int) -> list[int]:
    """Return the direct children of a process; none when it is gone."""
    with suppress(OSError):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in found]
    return []


def family_of(pid: int) -> list[int]:
    """Return everything below a process, the process not included."""
    found = []
    for child in children_of(pid):
        found += [child, *family_of(child)]
    return found


def is_alive(pid: int) -> bool:
    """Whether a process is there and has not ended; one that nobody buried yet has."""
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX"
    return False


def send(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone by now."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def left_over(mark: str) -> list[int]:
    """Return the processes in whose environment `mark` stands: what a system left behind."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found
