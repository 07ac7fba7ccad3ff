"""A process that dies, raises or stalls at a named point: whatever it was doing is done, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import pytest
from redis import RedisError

from tests.chaos import checker
from tests.chaos.below import points
from tests.chaos.besides import Besides
from tests.chaos.pictures import pictures
from tests.chaos.plan import Plan
from tests.chaos.run import is_sealed
from tests.chaos.sender import List, Sender
from tests.chaos.system import System

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PLAN = Plan(images=4000, broken=points.CHANGES, called_off=0, slow=0.05)
AT_ONCE, FIRST = 24, 20
PATIENCE = 150.0
QUICK = {
    ("after_commit", "kill"),
    ("between_send_and_mark", "kill"),
    ("mid_inference", "kill"),
    ("before_complete_commit", "exception"),
}
CASES = [
    pytest.param(name, act, marks=[] if (name, act) in QUICK else pytest.mark.long)
    for name in points.NAMES
    for act in points.ACTS
]


class Trial:
    """One system for all points: each is armed, work is sent, and everything is judged."""

    def __init__(self, system: System) -> None:
        self.system, self.pictures = system, pictures(PLAN)
        self.sender = Sender(system.client, List(system.folder / "acknowledged.jsonl"))

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


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("points")
    folder.chmod(0o755)
    with System(PLAN, folder / "system") as system:
        trial = Trial(system)
        try:
            trial.send(FIRST)
            assert trial.settle(), "nothing is armed yet"
            yield trial
        finally:
            trial.sender.stop()


@pytest.mark.parametrize(("name", "act"), CASES)
def test_what_was_acknowledged_is_done_once_whatever_happens_there(
    trial: Trial, name: str, act: str
) -> None:
    points.arm(trial.system.installation.data, name, act)
    trial.work(name)
    assert trial.system.watch(lambda: trial.is_reached(name), seconds=60), "nobody got there"
    assert trial.settle()
    verdict = checker.judged(trial.system, trial.sender.listed.read(), trial.sender.refused)
    assert verdict.is_sound, verdict
