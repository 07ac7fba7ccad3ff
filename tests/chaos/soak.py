"""Uploads without a pause, with faults that end no process, and what that leaves behind.

./hemaqueue chaos --soak MINUTES

Who lives on may not grow: memory and open files of each process are looked at when a fifth of the
time is over, and at the end. What is killed begins anew and could hide that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tests.chaos import checker, faults
from tests.chaos.checker import Verdict
from tests.chaos.pictures import pictures
from tests.chaos.plan import Plan
from tests.chaos.processes import family_of, left_over
from tests.chaos.run import is_sealed
from tests.chaos.sender import List, Sender
from tests.chaos.system import System

HARMLESS = (
    "flush", "redis_killed", "postgres_crashed", "connections_reset", "black_hole",
    "messages_repeated", "messages_forged", "stop_child",
)  # fmt: skip
AT_ONCE, OPEN, EVERY_SECONDS = 20, 60, 20.0
WARM, MOST_IMAGES = 0.2, 40_000
KIB = 1024


@dataclass(frozen=True)
class Footprint:
    """What one process holds: resident memory in MiB, and open files."""

    memory: float
    files: int


@dataclass
class Soak:
    """What was sent, what was broken, what is wrong, and what each process held at both times."""

    minutes: float
    uploads: int = 0
    faults: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    before: dict[str, Footprint] = field(default_factory=dict)
    after: dict[str, Footprint] = field(default_factory=dict)
    temporary_files: int = 0
    processes_left: int = 0

    @property
    def is_sound(self) -> bool:
        return self.verdict.is_sound and not self.processes_left

    def facts(self) -> dict[str, Any]:
        """Return plain values; of the processes those that were there at both times."""
        lived = [name for name in self.before if name in self.after]
        both = {name: (self.before[name], self.after[name]) for name in lived}
        return {
            "sound": self.is_sound, "minutes": self.minutes, "uploads": self.uploads,
            "faults": self.faults, "temporary_files": self.temporary_files,
            "processes_left": self.processes_left, **asdict(self.verdict),
            "replaced": sorted(self.before.keys() - self.after.keys()),
            "memory_mib": {name: [one.memory, two.memory] for name, (one, two) in both.items()},
            "open_files": {name: [one.files, two.files] for name, (one, two) in both.items()},
        }  # fmt: skip


def soak(plan: Plan, folder: Path, *, say: Callable[[str], None]) -> Soak:
    """Keep a system at work for the plan's minutes; judge it and look at it, then stop it."""
    found = Soak(plan.soak)
    with System(replace(plan, images=MOST_IMAGES), folder) as system:
        say(f"up after {time.monotonic() - system.began:.0f} s")
        sender = Sender(system.client, List(folder / "acknowledged.jsonl"))
        try:
            _work(system, sender, found, say=say)
            system.watch(lambda: not system.has_due, seconds=120)
            system.watch(lambda: sender.left == 0, seconds=120)
            system.watch(lambda: checker.live(system) == 0, seconds=plan.patient_for)
            system.watch(lambda: is_sealed(system), seconds=30)
        finally:
            sender.stop()
        listed = sender.listed.read()
        found.uploads, found.after = len(listed), footprints(system)
        found.verdict = checker.judged(system, listed, sender.refused)
        found.temporary_files = sum(one.is_file() for one in system.temporary.rglob("*"))
    found.processes_left = len(left_over(str(folder)))
    return found


def _work(system: System, sender: Sender, found: Soak, *, say: Callable[[str], None]) -> None:
    began, waiting = time.monotonic(), pictures(system.plan)
    end, fault_at = began + 60 * found.minutes, began + EVERY_SECONDS
    names = _endless(system.plan)
    while (now := time.monotonic()) < end:
        if sender.left < AT_ONCE and not _is_behind(system):
            sender.send(islice(waiting, AT_ONCE))
        if now >= fault_at:
            fault_at, name = now + EVERY_SECONDS, next(names)
            told = faults.ASKED[name](system, system.plan.chance(f"fault {found.faults}"))
            found.faults += 1
            say(f"{now - began:.0f} s, {sender.listed.count} uploads. {name}: {told}")
        if not found.before and now - began > WARM * 60 * found.minutes:
            found.before = footprints(system)
        system.wait(0.2)


def _endless(plan: Plan) -> Iterator[str]:
    names = list(plan.only or HARMLESS)
    plan.chance("faults").shuffle(names)
    return cycle(names)


def _is_behind(system: System) -> bool:
    return not system.watch(lambda: checker.live(system) < OPEN, seconds=0)


def footprints(system: System) -> dict[str, Footprint]:
    """Return what each process holds, by its role and number."""
    found = {}
    for name, main in system.pids().items():
        for pid in [main, *family_of(main)]:
            with suppress(OSError, StopIteration):
                found[f"{name} {pid}"] = _footprint(Path(f"/proc/{pid}"))
    return found


def _footprint(process: Path) -> Footprint:
    lines = (process / "status").read_text().splitlines()
    resident = next(line for line in lines if line.startswith("VmRSS:"))
    files = sum(1 for _ in (process / "fd").iterdir())
    return Footprint(round(int(resident.split()[1]) / KIB, 1), files)
