"""Amending: with a reason, as a further revision; the one before stays."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews.amending import (
    ARRIVED,
    AmendmentUnexplained,
    NotSigned,
    review_amend,
    reviews_reopen,
)
from hemaqueue.reviews.changes import Kind
from hemaqueue.reviews.checking import changes_since_before, signature_check
from hemaqueue.reviews.models import Amendment, Decision, Review, ReviewState
from hemaqueue.reviews.selectors import amendment_open, signature_standing
from hemaqueue.reviews.services import reviews_open
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings

pytestmark = pytest.mark.django_db


def state(case: Case) -> tuple[str, int]:
    review = Review.objects.get(case=case)
    return review.state, review.revision


def test_an_amendment_is_another_revision_and_the_first_stays(case: Case, clara: User) -> None:
    first = readings.signature(case, by=clara)
    review_amend(case, by=clara, reason="Second look at image 1.")
    assert state(case) == ("decided", 2)
    image = SmearImage.objects.filter(case=case).earliest("uploaded_at")
    readings.decision(image, by=clara, choice="pro_b")
    second = readings.signature(case, by=clara)
    assert state(case) == ("amended", 2)
    assert (second.revision, second.reason) == (2, "Second look at image 1.")
    first.refresh_from_db()
    assert signature_check(first).intact
    changed = [
        (one.kind, one.number, one.before, one.after) for one in changes_since_before(second)
    ]
    assert changed == [(Kind.DECISION, 1, "Early Pre-B", "Pro-B")]


def test_an_amendment_needs_a_reason(case: Case, clara: User) -> None:
    readings.signature(case, by=clara)
    with pytest.raises(AmendmentUnexplained):
        review_amend(case, by=clara, reason="  ")


def test_what_is_not_signed_is_not_amended(case: Case, clara: User) -> None:
    with pytest.raises(NotSigned):
        review_amend(case, by=clara, reason="Why not.")


@pytest.mark.parametrize("who", ["tessa", "adam", "otto"])
def test_only_a_clinician_of_the_site_amends(
    case: Case, clara: User, who: str, request: pytest.FixtureRequest
) -> None:
    readings.signature(case, by=clara)
    with pytest.raises(NotAllowed):
        review_amend(case, by=request.getfixturevalue(who), reason="Why not.")


def test_an_image_that_arrives_after_signing_opens_an_amendment(case: Case, clara: User) -> None:
    readings.signature(case, by=clara)
    factories.image(case=case)
    reviews_reopen([case])
    assert state(case) == ("open", 2)
    opened = amendment_open(case)
    assert opened is not None
    assert (opened.by, opened.reason) == (None, ARRIVED)
    reviews_open([case])
    assert Amendment.objects.count() == 1
    assert AuditEvent.objects.filter(action="case.amend").count() == 1


def test_another_result_of_a_signed_image_opens_nothing(case: Case, clara: User) -> None:
    readings.signature(case, by=clara)
    reviews_open([case])
    assert state(case) == (ReviewState.SIGNED, 1)


def test_a_signature_holds_while_nothing_changed(case: Case, clara: User) -> None:
    checked = signature_check(readings.signature(case, by=clara))
    assert (checked.intact, checked.holds, checked.changes) == (True, True, [])


def test_a_decision_that_was_changed_in_the_database_is_found(case: Case, clara: User) -> None:
    signature = readings.signature(case, by=clara)
    Decision.objects.filter(image__case=case).update(label="benign")
    checked = signature_check(signature)
    assert checked.holds is False
    assert [(one.kind, one.after) for one in checked.changes] == [(Kind.DECISION, "Benign")] * 2


def test_an_image_that_was_withdrawn_in_the_database_is_found(case: Case, clara: User) -> None:
    signature = readings.signature(case, by=clara)
    last = SmearImage.objects.filter(case=case).latest("uploaded_at")
    SmearImage.objects.filter(pk=last.pk).update(withdrawn_at=last.uploaded_at)
    assert [one.kind for one in signature_check(signature).changes] == [Kind.GONE]


def test_a_reopened_case_may_differ_from_what_was_signed(case: Case, clara: User) -> None:
    signature = readings.signature(case, by=clara)
    review_amend(case, by=clara, reason="Second look.")
    assert signature_check(signature).holds is None
    assert signature_standing(case) is None
