"""Who opens a case holds it: the other one waits, or takes it over and says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews.claims import (
    HELD_FOR,
    Claimed,
    TakeOverUnexplained,
    case_claim,
    case_release,
    case_take_over,
    claim_standing,
)
from hemaqueue.reviews.models import Review
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    """Two images with results, and nobody reads them."""
    made: Case = factories.CaseFactory()
    for _ in range(2):
        factories.prediction(factories.image(case=made))
    return made


@pytest.fixture
def carl(case: Case) -> User:
    return factories.person("carl", "clinician", site=case.site)


def holder(case: Case) -> User | None:
    standing = claim_standing(case)
    return standing.holder if standing else None


def image(case: Case, number: int = 0) -> SmearImage:
    return SmearImage.objects.filter(case=case).order_by("uploaded_at")[number]


def acts(case: Case) -> list[str]:
    found = AuditEvent.objects.filter(object_id=str(case.pk), action__startswith="case.")
    return list(found.order_by("id").values_list("action", flat=True))


def test_a_case_is_held_for_a_quarter_of_an_hour(case: Case, clara: User) -> None:
    claim = case_claim(case, by=clara)
    assert claim is not None
    assert timedelta(minutes=14) < claim.until - timezone.now() <= HELD_FOR
    assert holder(case) == clara


def test_the_other_one_is_told_who_reads(case: Case, clara: User, carl: User) -> None:
    case_claim(case, by=clara)
    with pytest.raises(Claimed) as refused:
        case_claim(case, by=carl)
    assert (refused.value.status, refused.value.code) == (409, "claimed")
    assert refused.value.claim.holder == clara


def test_the_other_one_cannot_decide_meanwhile(case: Case, clara: User, carl: User) -> None:
    case_claim(case, by=clara)
    with pytest.raises(Claimed):
        readings.decision(image(case), by=carl)
    readings.decision(image(case), by=clara)


def test_a_decision_claims_what_is_free_and_the_last_one_lets_go(
    case: Case, clara: User, carl: User
) -> None:
    readings.decision(image(case), by=clara)
    assert holder(case) == clara
    with pytest.raises(Claimed):
        readings.decision(image(case, 1), by=carl)
    readings.decision(image(case, 1), by=clara)
    assert holder(case) is None


def test_a_claim_ends_by_itself(case: Case, clara: User, carl: User) -> None:
    case_claim(case, by=clara)
    Review.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert holder(case) is None
    case_claim(case, by=carl)
    assert holder(case) == carl


def test_leaving_lets_the_other_one_in(case: Case, clara: User, carl: User) -> None:
    case_claim(case, by=clara)
    assert not case_release(case, by=carl)
    assert case_release(case, by=clara)
    assert not case_release(case, by=clara)
    case_claim(case, by=carl)
    assert acts(case) == ["case.release"]


def test_who_had_begun_stays_on_record(case: Case, clara: User) -> None:
    case_claim(case, by=clara)
    case_release(case, by=clara)
    assert Review.objects.get(case=case).claimed_by is None
    readings.decision(image(case), by=clara)
    case_release(case, by=clara)
    assert Review.objects.get(case=case).claimed_by == clara


def test_taking_over_says_why(case: Case, clara: User, carl: User) -> None:
    case_claim(case, by=clara)
    for nothing in ("", "  ", "x" * 1001):
        with pytest.raises(TakeOverUnexplained):
            case_take_over(case, by=carl, reason=nothing)
    assert holder(case) == clara
    case_take_over(case, by=carl, reason="Clara is at lunch.")
    assert holder(case) == carl
    event = AuditEvent.objects.get(action="case.take_over")
    assert event.details == {"former": str(clara.pk), "reason": "Clara is at lunch."}
    with pytest.raises(Claimed):
        readings.decision(image(case), by=clara)


def test_only_who_decides_claims(case: Case, tessa: User, otto: User) -> None:
    for somebody in (tessa, otto):
        with pytest.raises(NotAllowed):
            case_claim(case, by=somebody)
        with pytest.raises(NotAllowed):
            case_take_over(case, by=somebody, reason="I want it.")


def test_a_signed_case_is_nobody_s(clara: User) -> None:
    signed = readings.case_ready(by=clara)
    readings.signature(signed, by=clara)
    assert case_claim(signed, by=clara) is None
