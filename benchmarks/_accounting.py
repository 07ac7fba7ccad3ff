"""CPU seconds of processes and all their children, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
GIB_IN_KIB = 2**20


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return user and system time of the trees below `roots`, ended children included."""
    return sum(_own(pid) for pid in tree(roots))


def largest(root: int) -> tuple[float, float]:
    """Return GiB of the largest process of a tree: resident, and with shared pages divided."""
    return max(_memory(pid) for pid in tree([root]))


def _memory(pid: int) -> tuple[float, float]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return 0.0, 0.0
    kib = {name: int(value) for name, value, *_ in map(str.split, lines)}
    return kib["Rss:"] / GIB_IN_KIB, kib["Pss:"] / GIB_IN_KIB


def tree(roots: Iterable[int]) -> list[int]:
    """Return the processes below `roots` and those, a parent before its children."""
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found and Path(f"/proc/{pid}").exists():
            found.append(pid)
            waiting += _children(pid)
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(child) for child in thread.read_text().split()]
        except OSError:
            continue
    return children


def _own(pid: int) -> float:
    """Return what the process used, and those of its children that it has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS
