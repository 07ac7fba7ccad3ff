"""Why pictures were named wrongly: whose word counts, what is refused, what is counted."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.evaluations.error_readings import (
    UNREAD,
    NoError,
    ReadingUnchanged,
    ReasonMissing,
    ReasonUnknown,
    error_read,
    pictures_read,
    readings_holding,
    readings_of,
    reasons_counted,
)
from hemaqueue.evaluations.models import ErrorReading, ErrorReason, EvaluatedPicture
from hemaqueue.evaluations.selectors import pictures_of
from hemaqueue.reviews.models import Reason
from tests import factories, judging
from tests.people import adam, beate

__all__ = ["adam", "beate"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def errors() -> list[EvaluatedPicture]:
    """Three pictures of one evaluation that were named wrongly."""
    kept = judging.evaluation(factories.ModelVersionFactory(), judging.some_rows(wrong=3))
    return list(pictures_of(kept))


def said(picture: EvaluatedPicture) -> dict[str, list[str]]:
    return {one.by.username: one.reasons for one in readings_holding([picture]).get(picture.pk, [])}


def test_each_persons_newest_word_counts_and_all_stay(
    errors: list[EvaluatedPicture], adam: User, beate: User
) -> None:
    picture = errors[0]
    error_read(picture, reasons=["poor_focus"], by=adam)
    error_read(picture, reasons=["borderline"], by=beate)
    error_read(picture, reasons=["other", "label_doubtful"], by=adam)
    assert said(picture) == {"adam": ["label_doubtful", "other"], "beate": ["borderline"]}
    assert [one.reasons for one in readings_of(picture)] == [
        ["label_doubtful", "other"], ["borderline"], ["poor_focus"],
    ]  # fmt: skip
    assert said(errors[1]) == {}


def test_no_reasons_take_back_what_was_said(errors: list[EvaluatedPicture], adam: User) -> None:
    error_read(errors[0], reasons=["debris"], by=adam)
    error_read(errors[0], reasons=[], by=adam)
    assert said(errors[0]) == {}
    assert readings_of(errors[0]).count() == 2
    with pytest.raises(ReasonMissing):
        error_read(errors[0], reasons=[], by=adam)


def test_the_same_word_twice_is_refused(errors: list[EvaluatedPicture], adam: User) -> None:
    error_read(errors[0], reasons=["debris", "other"], by=adam)
    with pytest.raises(ReadingUnchanged):
        error_read(errors[0], reasons=["other", "debris", "other"], by=adam)
    assert ErrorReading.objects.count() == 1


@pytest.mark.parametrize("reasons", [["morphology"], ["poor_focus", ""], ["P-00001"]])
def test_a_reason_that_is_not_listed_is_refused(
    errors: list[EvaluatedPicture], adam: User, reasons: list[str]
) -> None:
    with pytest.raises(ReasonUnknown):
        error_read(errors[0], reasons=reasons, by=adam)


def test_what_was_named_rightly_has_no_reason(adam: User) -> None:
    rows = [
        judging.row("a" * 64, "pre_b", "pre_b"),
        judging.row("b" * 64, "pre_b", "pre_b") | {"called_malignant": False},
    ]
    kept = judging.evaluation(factories.ModelVersionFactory(), rows)
    right, missed = kept.pictures.order_by("sha256")
    with pytest.raises(NoError):
        error_read(right, reasons=["other"], by=adam)
    assert error_read(missed, reasons=["other"], by=adam).reasons == ["other"]


def test_a_picture_counts_once_for_each_reason(
    errors: list[EvaluatedPicture], adam: User, beate: User
) -> None:
    every = pictures_of(errors[0].evaluation)
    for person in (adam, beate):
        error_read(errors[0], reasons=["poor_focus", "debris"], by=person)
    error_read(errors[1], reasons=["debris"], by=adam)
    error_read(errors[1], reasons=["borderline"], by=adam)  # debris counts no more
    counts = reasons_counted(every)
    assert {code: n for code, n in counts.items() if n} == {
        "poor_focus": 1, "debris": 1, "borderline": 1, UNREAD: 1,
    }  # fmt: skip
    assert set(counts) == {*ErrorReason.values, UNREAD}
    for code, n in counts.items():
        assert pictures_read(every, reason=code).count() == n, code
    assert list(pictures_read(every, reason=UNREAD)) == [errors[2]]
    with pytest.raises(ReasonUnknown):
        pictures_read(every, reason="debri")


def test_what_a_correction_may_say_too_is_the_same_code() -> None:
    shared = {one.value: one.label for one in Reason if one in (Reason.FOCUS, Reason.OTHER)}
    assert shared == {code: ErrorReason(code).label for code in shared}


def test_a_word_is_audited_with_its_codes_and_never_changed(
    errors: list[EvaluatedPicture], adam: User
) -> None:
    made = error_read(errors[0], reasons=["cells_poor"], by=adam)
    event = AuditEvent.objects.get(action="evaluation.read_error")
    assert (event.actor_id, event.object_id) == (adam.pk, str(errors[0].pk))
    assert event.details == {"reasons": ["cells_poor"]}
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        ErrorReading.objects.filter(pk=made.pk).update(reasons=["other"])


@pytest.mark.django_db(transaction=True)
def test_one_person_at_two_windows_says_it_once(adam: User) -> None:
    kept = judging.evaluation(factories.ModelVersionFactory(), judging.some_rows(wrong=1))
    picture, start, refused = pictures_of(kept)[0], Barrier(2), []

    def say() -> None:
        start.wait()
        try:
            error_read(picture, reasons=["other"], by=adam)
        except ReadingUnchanged as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    both = [Thread(target=say) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (ErrorReading.objects.count(), len(refused)) == (1, 1)
