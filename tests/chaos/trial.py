"""One system for several trials: work is sent, something is done to it, and all is judged."""

from __future__ import annotations

import time
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
from tests.chaos.run import is_sealed
from tests.chaos.sender import List, Sender
from tests.chaos.system import System

AT_ONCE = 24
PATIENCE = 150.0


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
        """Flush Redis while parcels are on their way, until one was found lost."""
        until = time.monotonic() + 60
        while not self.is_reached("after_reap") and time.monotonic() < until:
            with suppress(RedisError), self.system.redis() as redis:
                redis.flushall()
            self.send(4)
            self.system.wait(3)

    def settle(self) -> bool:
        """Wait until everything is sent, done and sealed."""
        return (
            self.system.watch(lambda: self.sender.left == 0, seconds=PATIENCE)
            and self.system.watch(lambda: checker.live(self.system) == 0, seconds=PATIENCE)
            and self.system.watch(lambda: is_sealed(self.system), seconds=30)
        )

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
