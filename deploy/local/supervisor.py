"""Keeps the platform's processes running: restarts what dies, stops everything in order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import children
from deploy.local.paths import ROOT

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
MOST_DEATHS = 5


class KeepsDying(Exception):
    """A process died again and again; the message ends with the tail of its log."""


@dataclass(frozen=True)
class Role:
    """One process of the platform and how it is asked to end."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(repr=False)
    grace: float = 10.0
    stop_by: signal.Signals = signal.SIGTERM


@dataclass
class _Child:
    role: Role
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0


class Supervisor:
    """Runs roles; `watch` must be called often. Logs go to `logs`/NAME.log.

    A child that the kernel finds without its supervisor is killed at once: what it was doing is
    in the ledger, and is done again.
    """

    def __init__(self, *, logs: Path) -> None:
        self.logs = logs
        self.most_deaths = MOST_DEATHS
        self._children: dict[str, _Child] = {}

    def start(self, role: Role) -> None:
        """Start a role's process; `watch` keeps it running from now on."""
        self._children[role.name] = child = _Child(role)
        self._spawn(child)

    def watch(self) -> None:
        """Restart what died, with a growing pause. Raises KeepsDying after five quick deaths."""
        now = time.monotonic()
        for child in self._children.values():
            if child.process is None:
                if now >= child.due:
                    self._spawn(child)
            elif (status := child.process.poll()) is not None:
                children.kill_group(child.process)
                child.process = None
                self._bury(child, status=status, now=now)

    def processes(self) -> dict[str, int]:
        """The process numbers of the roles that run now."""
        running = {name: child.process for name, child in self._children.items()}
        return {name: process.pid for name, process in running.items() if process is not None}

    def stop(self) -> None:
        """Stop everything, the last started first; each has its grace, all at the same time."""
        asked = [child for child in reversed(self._children.values()) if child.process]
        for child in asked:
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(child.role.stop_by)
        deadline = time.monotonic() + max((child.role.grace for child in asked), default=0.0)
        for child in asked:
            if child.process is not None:
                left = max(0.0, min(child.role.grace, deadline - time.monotonic()))
                children.wait_for(child.process, timeout=left)
                children.kill_group(child.process)
                child.process.wait()
                child.process = None
        self._children.clear()

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _spawn(self, child: _Child) -> None:
        child.started = time.monotonic()
        child.process = children.start(
            child.role.command,
            log=self.log(child.role.name),
            env=child.role.env,
            cwd=ROOT,
            at_parent_death=signal.SIGKILL,
        )

    def _bury(self, child: _Child, *, status: int, now: float) -> None:
        """Note the death and when the next life is due."""
        child.deaths = 1 if now - child.started > STEADY_SECONDS else child.deaths + 1
        if child.deaths >= self.most_deaths:
            name = child.role.name
            tail = children.tail(self.log(name))
            raise KeepsDying(
                f"{name} died {child.deaths} times (last status {status}). "
                f"The end of {self.log(name)}:\n{tail}"
            )
        child.due = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2**child.deaths)
