"""One system for several trials: work is sent, something is done to it, and all is judged."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from redis import RedisError

from tests.chaos import checker
from tests.chaos.below import points
from tests.chaos.besides import Besides
from tests.chaos.checker import Verdict
from tests.chaos.pictures import pictures
from tests.chaos.plan import Plan
from tests.chaos.processes import send
from tests.chaos.run import is_sealed
from tests.chaos.sender import List, Sender
from tests.chaos.system import System

AT_ONCE = 16
PATIENCE = 300.0
#: One parcel may be on its way to the worker already.
WAITING = "SELECT count(DISTINCT message) FROM jobs_job WHERE state = 'sent' AND published"


class Trial:
    """A running system, who sends to it, and what was acknowledged so far."""

    def __init__(self, system: System, *, sender: type[Sender] = Sender) -> None:
        self.system, self.pictures = system, pictures(system.plan)
        self.sender = sender(system.client, List(system.folder / "acknowledged.jsonl"))

    def send(self, number: int) -> None:
        self.sender.send(islice(self.pictures, number))

    def is_reached(self, name: str) -> bool:
        return not points.place(self.system.installation.data, name).exists()

    def work(self, name: str) -> None:
        """Have done what leads to a point."""
        self.send(AT_ONCE)
        if name.startswith(("report", "training")):
            besides = Besides(self.system, learns=name.startswith("training"))
            besides.start()
            besides.end()
        if name == "after_reap":
            self.lose_parcels()

    def lose_parcels(self) -> None:
        """Flush Redis while parcels wait there, because their worker stands still."""
        worker = self.system.pids()["inference"]
        send(worker, signal.SIGSTOP)
        self.send(AT_ONCE)
        self.system.watch(lambda: self.count(WAITING) > 1, seconds=30, what="parcels")
        with suppress(RedisError), self.system.redis() as redis:
            redis.flushall()
        send(worker, signal.SIGCONT)

    def settle(self, *, patience: float = PATIENCE) -> bool:
        """Wait until everything is sent, done and sealed."""
        return (
            self.system.watch(lambda: self.sender.left == 0, seconds=PATIENCE)
            and self.system.watch(lambda: checker.live(self.system) == 0, seconds=patience)
            and self.system.watch(lambda: is_sealed(self.system), seconds=120)
        )

    def count(self, query: str) -> int:
        return int(self.system.rows(query)[0][0])

    def judged(self) -> Verdict:
        return checker.judged(self.system, self.sender.listed.read(), self.sender.refused)


@contextmanager
def trial(plan: Plan, folder: Path, *, sender: type[Sender] = Sender) -> Iterator[Trial]:
    """Start a system below `folder`, which PostgreSQL enters as another user."""
    folder.chmod(0o755)
    with System(plan, folder / "system") as system:
        one = Trial(system, sender=sender)
        try:
            yield one
        finally:
            one.sender.stop()
