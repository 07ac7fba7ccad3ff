"""Whatever dies, stalls or is lost meanwhile: what was acknowledged is done, once, and is whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.chaos import telling
from tests.chaos.plan import Plan
from tests.chaos.run import run

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(900),
    # The client's threads end with their connections open, as a killed script's would.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SEEDS = [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_or_doubled_whatever_fails(seed: int, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    outcome = run(Plan(images=500, faults=10, seed=seed), tmp_path / "system")
    assert outcome.is_sound, json.dumps(telling.facts(outcome), indent=1)
