"""Numbers about reading: each from cases whose answer is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.common.intervals import wilson
from hemaqueue.reviews.models import ConfirmedLabel, Decision, Lane, Origin, Review, ReviewState
from hemaqueue.reviews.statistics import (
    Agreement,
    agreement,
    decided_today,
    signed_today,
    turnaround,
    turnaround_by_day,
    waiting_cases,
)
from hemaqueue.reviews.weighing import weighted
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings

MODEL = "smearnet-synthetic-1"
pytestmark = pytest.mark.django_db


def signed_after(hours: float, *, by: User) -> None:
    """Make a case that was signed just now, `hours` after its first image came."""
    case = readings.case_ready(by=by)
    readings.signature(case, by=by)
    SmearImage.objects.filter(case=case).update(uploaded_at=timezone.now() - timedelta(hours=hours))


def label(
    read: str,
    *,
    by: User,
    origin: str = Origin.CONFIRMED,
    predicted: str = "pre_b",
    **more: Any,
) -> None:
    image = factories.image()
    factories.prediction(image)
    decision = Decision.objects.create(
        review=Review.objects.get(case=image.case), image=image, reader=by,
        choice="label", label=read,
    )  # fmt: skip
    ConfirmedLabel.objects.create(
        image=image, decision=decision, reader=by, label=read, origin=origin,
        predicted_label=predicted, model=factories.ModelVersionFactory(), **more,
    )  # fmt: skip


def test_turnaround_is_from_the_first_image_to_the_first_signature() -> None:
    clara = factories.clara()
    for hours in (1, 2, 3, 4, 10):
        signed_after(hours, by=clara)
    found = turnaround(clara, days=7)
    assert found is not None
    assert found.cases == 5
    assert found.median.total_seconds() == pytest.approx(3 * 3600, abs=60)
    assert found.p90.total_seconds() == pytest.approx(7.6 * 3600, abs=60)
    (today,) = turnaround_by_day(clara, days=7)
    assert today.day == timezone.localdate()
    assert today.median == found.median


def test_nothing_signed_has_no_turnaround() -> None:
    assert turnaround(factories.clara(), days=7) is None
    assert turnaround_by_day(factories.clara(), days=7) == []


def test_agreement_counts_what_was_read_one_by_one() -> None:
    clara = factories.clara()
    label("pre_b", by=clara)
    label("pre_b", by=clara)
    label("benign", by=clara, origin=Origin.CORRECTED)
    label("pre_b", by=clara, origin=Origin.BULK)
    label("pre_b", by=clara, predicted="")
    assert agreement(clara, days=30) == [Agreement(MODEL, "pre_b", n=3, agreed=2)]


def test_what_was_drawn_stands_for_what_was_not() -> None:
    clara = factories.clara()
    for read in ("pre_b", "benign", "benign", "benign"):
        label(read, by=clara, read_because="uncertain", probability=1.0)
    label("pre_b", by=clara, read_because="audit", probability=0.05)
    label("benign", by=clara, read_because="chosen")
    (found,) = agreement(clara, days=30)
    assert (found.n, found.agreed, found.drawn) == (6, 2, 1)
    said = weighted([found])
    assert said is not None
    assert said.share == pytest.approx(21 / 24), "one of six agrees less often than all would"
    assert (said.low, said.high) == pytest.approx(wilson(21 / 24, n=round(24**2 / 404)))
    assert weighted([found, found]).share == pytest.approx(21 / 24)  # type: ignore[union-attr]


def test_without_any_probability_nothing_is_weighted() -> None:
    clara = factories.clara()
    label("pre_b", by=clara)
    assert weighted(agreement(clara, days=30)) is None
    assert weighted([]) is None


def test_only_the_newest_label_of_an_image_counts() -> None:
    clara = factories.clara()
    label("benign", by=clara, origin=Origin.CORRECTED)
    first = ConfirmedLabel.objects.get()
    ConfirmedLabel.objects.create(
        image=first.image, decision=first.decision, reader=clara, label="pre_b",
        origin=Origin.CONFIRMED, predicted_label="pre_b", model=first.model,
    )  # fmt: skip
    assert agreement(clara, days=30) == [Agreement(MODEL, "pre_b", n=1, agreed=1)]


def test_nothing_of_another_site_is_counted() -> None:
    clara, otto = factories.clara(), factories.otto()
    label("pre_b", by=clara)
    signed_after(1, by=clara)
    assert agreement(otto, days=30) == []
    assert turnaround(otto, days=7) is None
    assert signed_today(otto) == 0
    assert waiting_cases(otto).open == 0


def test_today_begins_at_midnight() -> None:
    clara = factories.clara()
    label("pre_b", by=clara)
    signed_after(1, by=clara)
    before = decided_today(clara)
    Decision.objects.update(at=timezone.now() - timedelta(days=1, hours=1))
    assert before >= 1
    assert decided_today(clara) == 0
    assert signed_today(clara) == 1


def test_what_waits_is_counted_by_lane() -> None:
    clara = factories.clara()
    for lane in (Lane.ATTENTION, Lane.CLEAR, Lane.CLEAR):
        factories.prediction(image := factories.image())
        Review.objects.filter(case=image.case).update(lane=lane)
    Review.objects.filter(lane=Lane.ATTENTION).update(
        due_at=timezone.now() - timedelta(hours=1),
        claimed_by=clara,
        claimed_until=timezone.now() + timedelta(minutes=5),
    )
    factories.prediction(ready := factories.image())
    Review.objects.filter(case=ready.case).update(state=ReviewState.DECIDED)
    found = waiting_cases(clara)
    assert found.lanes == {Lane.ATTENTION: 1, Lane.READY: 0, Lane.CLEAR: 2}
    assert (found.open, found.mine, found.overdue, found.to_sign) == (3, 1, 1, 1)
    assert found.oldest is not None
