"""Thresholds that a person chooses hold for what is asked from then on; old results keep theirs."""

from __future__ import annotations

import uuid

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.enqueue import shared_key
from hemaqueue.registry.models import ModelVersion, OperatingPoint
from hemaqueue.registry.points import (
    PointOutOfRange,
    PointUnchanged,
    PointUnexplained,
    point_choose,
    thresholds_of,
)
from hemaqueue.registry.selectors import model_asked, model_reference
from tests import factories
from tests.people import adam

__all__ = ["adam"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


def choose(version: ModelVersion, by: User, decision: float = 0.3, abstain: float = 0.8) -> None:
    point_choose(
        version, decision=decision, abstain=abstain, evaluation=uuid.uuid4(), reason="Fewer misses",
        by=by,
    )  # fmt: skip


def test_the_bundles_own_hold_until_somebody_chooses(serving: ModelVersion, adam: User) -> None:
    assert (thresholds_of(serving).decision, thresholds_of(serving).point) == (0.5, None)
    before = model_asked("synthetic")
    assert (before.decision, before.abstain, shared_key(before)) == (None, None, serving.digest)
    choose(serving, adam)
    after = model_asked("synthetic")
    assert (after.decision, after.abstain) == (0.3, 0.8)
    assert after == model_reference(serving)
    assert shared_key(after) != shared_key(before) and len(shared_key(after)) <= 64


def test_a_later_choice_counts_and_the_earlier_one_stays(serving: ModelVersion, adam: User) -> None:
    choose(serving, adam)
    choose(serving, adam, decision=0.4)
    assert thresholds_of(serving).decision == 0.4
    assert [one.decision for one in OperatingPoint.objects.all()] == [0.4, 0.3]
    with pytest.raises(PointUnchanged):
        choose(serving, adam, decision=0.4)


def test_a_choice_needs_a_reason_and_shares_of_one(serving: ModelVersion, adam: User) -> None:
    for decision, abstain in ((0.0, 0.5), (0.5, 1.0)):
        with pytest.raises(PointOutOfRange):
            choose(serving, adam, decision=decision, abstain=abstain)
    with pytest.raises(PointUnexplained):
        point_choose(
            serving, decision=0.3, abstain=0.6, evaluation=uuid.uuid4(), reason=" ", by=adam
        )
