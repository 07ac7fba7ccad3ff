"""What a plan of chaos promises before anything starts."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.chaos.faults import FAULTS, drawn
from tests.chaos.plan import Plan


@pytest.mark.parametrize("seed", range(1, 20))
def test_fifty_faults_take_redis_ten_times_and_postgresql_three(seed: int) -> None:
    found = Counter(drawn(Plan(images=10_000, faults=50, seed=seed)))
    assert found["flush"] >= 5 and found["redis_killed"] >= 5 and found["postgres_crashed"] >= 3


def test_every_kind_comes_before_any_comes_again() -> None:
    assert set(drawn(Plan(faults=len(FAULTS)))) == set(FAULTS)


def test_what_is_asked_for_by_name_is_all_that_comes() -> None:
    assert set(drawn(Plan(faults=40, only=("flush", "nothing")))) == {"flush", "nothing"}


def test_patience_grows_with_the_images() -> None:
    assert Plan(images=500).patient_for == 180
    assert Plan(images=10_000).patient_for == 600
    assert Plan(images=10_000, patience=20).patient_for == 20
