"""Taking back a decision: for seconds, by its reader, if nobody acted since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.reviews.models import ConfirmedLabel, Decision, Review
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.undoing import UndoExpired, decision_undo, decision_undoable
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.material import material
from tests import factories, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(db: None) -> SmearImage:
    made = factories.image()
    factories.prediction(made)
    return made


def undo(image: SmearImage, *, by: User) -> None:
    decision_undo(image, stamp=review_stamp(image), by=by)


def taught(image: SmearImage) -> list[str]:
    return [one.label for one in material(image.kind, classes=factories.CLASSES).lessons]


def test_a_first_decision_that_is_taken_back_is_gone(image: SmearImage, clara: User) -> None:
    before = review_stamp(image)
    readings.decision(image, by=clara)
    undo(image, by=clara)
    assert not Decision.objects.exists()
    assert review_stamp(image) == before
    assert Review.objects.get(case=image.case).state == "open"
    assert taught(image) == []
    assert ConfirmedLabel.objects.get().withdrawn_at is not None


def test_what_it_replaced_stands_again(image: SmearImage, clara: User) -> None:
    first = readings.decision(image, by=clara, choice="pre_b")
    readings.decision(image, by=clara, choice="pro_b")
    undo(image, by=clara)
    now = Decision.objects.get()
    assert (now.label, now.note, now.at) == (first.label, first.note, first.at)
    assert taught(image) == ["pre_b"]


def test_nothing_is_taken_back_twice(image: SmearImage, clara: User) -> None:
    readings.decision(image, by=clara, choice="pre_b")
    readings.decision(image, by=clara, choice="pro_b")
    undo(image, by=clara)
    assert decision_undoable(clara) is None
    with pytest.raises(UndoExpired):
        undo(image, by=clara)


def test_the_time_for_it_is_short(image: SmearImage, clara: User) -> None:
    readings.decision(image, by=clara)
    assert decision_undoable(clara) is not None
    Decision.objects.update(at=timezone.now() - timedelta(seconds=13))
    assert decision_undoable(clara) is None
    with pytest.raises(UndoExpired):
        undo(image, by=clara)
    assert Decision.objects.exists()


def test_who_was_followed_by_another_reader_takes_nothing_back(
    image: SmearImage, clara: User
) -> None:
    readings.decision(image, by=clara)
    stamp = review_stamp(image)
    readings.decision(image, by=factories.person("carl", "clinician"))
    with pytest.raises(UndoExpired):
        decision_undo(image, stamp=stamp, by=clara)


def test_a_signed_case_is_beyond_undo(clara: User) -> None:
    case = readings.case_ready(by=clara)
    readings.signature(case, by=clara)
    assert decision_undoable(clara) is None
    with pytest.raises(UndoExpired):
        undo(case.images.get(), by=clara)


def test_the_trail_keeps_what_was_taken_back(image: SmearImage, clara: User) -> None:
    readings.decision(image, by=clara, choice="pro_b")
    undo(image, by=clara)
    assert AuditEvent.objects.get(action="image.undo").details["label"] == "pro_b"


def test_another_decision_after_undo_is_not_the_one_of_an_old_page(
    image: SmearImage, clara: User
) -> None:
    readings.decision(image, by=clara)
    old = review_stamp(image)
    undo(image, by=clara)
    readings.decision(image, by=clara, choice="pro_b")
    assert review_stamp(image) != old
