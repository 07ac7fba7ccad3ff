"""A process that dies, raises or stalls at a named point: whatever it was doing is done, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.below import points
from tests.chaos.plan import Plan
from tests.chaos.trial import Trial, trial

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(1800),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PLAN = Plan(images=4000, broken=points.CHANGES, called_off=0, slow=0.05)
FIRST = 20
REACHED = 600
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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(PLAN, tmp_path_factory.mktemp("points")) as one:
        one.send(FIRST)
        assert one.settle(), "nothing is armed yet"
        yield one


@pytest.mark.parametrize(("name", "act"), CASES)
def test_what_was_acknowledged_is_done_once_whatever_happens_there(
    running: Trial, name: str, act: str
) -> None:
    points.arm(running.system.installation.data, name, act)
    running.work(name)
    reached = running.system.watch(lambda: running.is_reached(name), seconds=REACHED)
    assert reached, "nobody got there"
    assert running.settle(patience=REACHED), "something was left behind"
    verdict = running.judged()
    assert verdict.is_sound, verdict
