"""Pictures that crash their worker are given up; their neighbours are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.chaos import telling
from tests.chaos.plan import Plan
from tests.chaos.run import run

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_twenty_of_a_thousand_are_dead_and_no_other(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    plan = Plan(
        images=1000, poison=20, faults=4, only=("nothing",), training=False, slow=0, patience=1200
    )
    outcome = run(plan, tmp_path / "system")
    assert outcome.is_sound, json.dumps(telling.facts(outcome), indent=1)
    assert sum(one.expected == "dead" for one in outcome.acknowledged) == 20


def test_what_raises_fails_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    plan = Plan(
        images=100, poison=2, poisons=("exception",), faults=2, only=("nothing",),
        training=False, slow=0, patience=400,
    )  # fmt: skip
    outcome = run(plan, tmp_path / "system")
    assert outcome.is_sound, json.dumps(telling.facts(outcome), indent=1)
