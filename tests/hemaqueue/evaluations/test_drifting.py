"""Weeks are counted once, when they are over, from what came in then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hemaqueue.evaluations.drifting import WEEKS_BACK, week_count, weeks_due
from hemaqueue.evaluations.models import LiveWeek, Rescore, RescoredImage
from hemaqueue.pipeline.management.commands.dispatch import Command
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.reviews.lanes import AUDITED
from hemaqueue.reviews.models import Origin
from hemaqueue.reviews.sampling import ReadBecause
from tests import factories, live

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> ModelVersion:
    """Return a version that serves since the Thursday two weeks ago."""
    made = factories.ModelVersionFactory()
    live.serves_since(made, live.noon(live.week(2), day=3))
    return made


def test_a_week_is_counted_from_what_came_in_then(version: ModelVersion) -> None:
    at = live.noon(live.week(1))
    results = live.came_in(
        version, {"benign": 3, "pre_b": 1}, at=at, uncertain=2, strange=1, poor=3
    )
    live.came_in(version, {"pro_b": 5}, at=live.noon(live.week(0)) - timedelta(days=2, hours=11))
    live.labelled(results, agreed=3, at=at)
    while week_count():
        pass
    row = LiveWeek.objects.get(begins=live.week(1))
    assert (row.images, row.named) == (4, {"benign": 3, "pre_b": 1})
    assert (row.uncertain, row.strange, row.poor) == (2, 1, 3)
    assert (row.read, row.agreed) == (4, 3)
    assert (row.confidence, row.spread) == (pytest.approx(0.9), pytest.approx(0.05))


def test_each_week_that_is_over_is_counted_once(version: ModelVersion) -> None:
    assert [begins for _, begins in weeks_due()] == [live.week(2), live.week(1)]
    assert [week_count().begins for _ in range(2)] == [live.week(2), live.week(1)]  # type: ignore[union-attr]
    live.came_in(version, {"benign": 1}, at=live.noon(live.week(1)))
    assert week_count() is None
    assert list(LiveWeek.objects.values_list("images", flat=True)) == [0, 0]


def test_what_was_scored_anew_or_withdrawn_did_not_come_in(version: ModelVersion) -> None:
    at = live.noon(live.week(1))
    anew, withdrawn, _ = live.came_in(version, {"benign": 3}, at=at)
    order = Rescore.objects.create(model=version, reason="Anew", total=1, by=factories.adam())
    RescoredImage.objects.create(rescore=order, image=anew.image, before=anew, after=anew)
    type(withdrawn.image).objects.filter(pk=withdrawn.image_id).update(withdrawn_at=timezone.now())
    week_count()
    assert (week_count() or LiveWeek()).images == 1


def test_labels_confirmed_together_say_nothing_of_agreement(version: ModelVersion) -> None:
    at = live.noon(live.week(1))
    results = live.came_in(version, {"benign": 4}, at=at)
    live.labelled(results[:1], agreed=1, at=at, origin=Origin.BULK)
    live.labelled(results[1:2], agreed=1, at=at, withdrawn_at=at)
    live.labelled(results[2:], agreed=1, at=at)
    week_count()
    row = week_count() or LiveWeek()
    assert (row.read, row.agreed) == (2, 1)


def test_a_label_weighs_what_its_image_stands_for(version: ModelVersion) -> None:
    at = live.noon(live.week(1))
    results = live.came_in(version, {"benign": 9}, at=at)
    live.labelled(results[:4], agreed=1, at=at, read_because=ReadBecause.LANE, probability=1.0)
    drawn = {"read_because": ReadBecause.AUDIT, "probability": AUDITED}
    live.labelled(results[4:6], agreed=2, at=at, **drawn)
    live.labelled(results[6:], agreed=0, at=at, read_because=ReadBecause.CHOSEN)
    week_count()
    row = week_count() or LiveWeek()
    assert (row.read, row.agreed, row.drawn) == (9, 3, 2)
    weights = (row.weight, row.weight_agreed, row.squares)
    assert weights == pytest.approx((4 + 2 * 20, 1 + 2 * 20, 4 + 2 * 400))


def test_a_version_is_counted_to_the_week_in_which_it_ended(version: ModelVersion) -> None:
    version.status = ModelStatus.RETIRED
    version.save()
    after = factories.ModelVersionFactory(name="after")
    live.serves_since(after, live.noon(live.week(2), day=4), former=version)
    due = {(one.name, begins) for one, begins in weeks_due()}
    assert due == {(version.name, live.week(2)), ("after", live.week(2)), ("after", live.week(1))}


def test_a_candidate_has_no_weeks_and_an_old_installation_not_all() -> None:
    old = factories.ModelVersionFactory()
    live.serves_since(old, live.noon(live.week(100)))
    factories.ModelVersionFactory(name="new", status=ModelStatus.CANDIDATE)
    due = list(weeks_due())
    assert {one for one, _ in due} == {old}
    assert len(due) == WEEKS_BACK


def test_the_dispatcher_counts_a_week_at_a_time(version: ModelVersion) -> None:
    dispatcher = Command()
    dispatcher._tick()
    assert LiveWeek.objects.get().begins == live.week(2)
    dispatcher._tick()  # a second later, where a minute has to go by
    assert LiveWeek.objects.count() == 1
