"""Signing: who may, when it is refused, what it covers, and that it stays."""

from __future__ import annotations

import json

import pytest
from django.db import InternalError, transaction

from hemaqueue.accounts.identity import Proof
from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews.blockers import signing_blockers
from hemaqueue.reviews.models import Review, ReviewState, Signature
from hemaqueue.reviews.services import StalePage
from hemaqueue.reviews.signing import MeaningMissing, NotReady, review_sign
from hemaqueue.reviews.states import FOLLOWS, AlreadySigned, OutOfOrder, review_move
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings

pytestmark = pytest.mark.django_db


def second(case: Case) -> SmearImage:
    found: SmearImage = SmearImage.objects.filter(case=case).latest("uploaded_at")
    return found


def test_a_signature_covers_images_decisions_and_results(case: Case, clara: User) -> None:
    signature = readings.signature(case, by=clara)
    record = json.loads(signature.content)
    assert record["case"]["accession"] == "BM-1"
    assert len(record["images"]) == 2
    one = record["images"][0]
    assert one["decisions"][0]["label"] == "early_pre_b"
    assert one["prediction"]["model"] == "smearnet-synthetic-1"
    assert one["sha256"] == SmearImage.objects.get(pk=one["id"]).sha256
    assert (signature.printed_name, signature.revision) == ("Clara Uwase", 1)
    assert Review.objects.get(case=case).state == ReviewState.SIGNED
    assert AuditEvent.objects.filter(action="case.sign", object_id=str(case.pk)).count() == 1


def test_signing_is_refused_with_one_uncertain_image(case: Case, clara: User) -> None:
    readings.decision(second(case), by=clara, choice="uncertain")
    with pytest.raises(NotReady) as refused:
        readings.signature(case, by=clara)
    assert [(one.code, one.number) for one in refused.value.blockers] == [("uncertain", 2)]
    assert not Signature.objects.exists()


def test_signing_is_allowed_once_the_uncertain_image_is_resolved(case: Case, clara: User) -> None:
    readings.decision(second(case), by=clara, choice="uncertain")
    readings.decision(second(case), by=clara, choice="pre_b")
    assert signing_blockers(case) == []
    assert readings.signature(case, by=clara).revision == 1


def test_signing_is_refused_while_an_image_is_undecided(case: Case, clara: User) -> None:
    factories.prediction(factories.image(case=case))
    with pytest.raises(NotReady) as refused:
        readings.signature(case, by=clara)
    assert "Image 3 is not decided." in refused.value.detail


def test_a_case_without_images_is_not_signed(clara: User) -> None:
    with pytest.raises(NotReady):
        readings.signature(factories.CaseFactory(), by=clara)


@pytest.mark.parametrize("who", ["tessa", "adam", "otto"])
def test_only_a_clinician_of_the_site_signs(
    case: Case, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        readings.signature(case, by=request.getfixturevalue(who))


def test_what_changed_since_the_page_was_made_is_not_signed(case: Case, clara: User) -> None:
    seen = readings.stamp(case)
    readings.decision(second(case), by=clara, choice="pro_b")
    with pytest.raises(StalePage):
        review_sign(case, proof=Proof(clara), meaning="reviewed", stamp=seen)


def test_a_signature_says_what_it_means(case: Case, clara: User) -> None:
    with pytest.raises(MeaningMissing):
        review_sign(case, proof=Proof(clara), meaning="", stamp=readings.stamp(case))


def test_nothing_is_decided_after_signing(case: Case, clara: User) -> None:
    readings.signature(case, by=clara)
    with pytest.raises(AlreadySigned) as refused:
        readings.decision(second(case), by=clara, choice="pro_b")
    assert (refused.value.status, refused.value.code) == (409, "signed")


def test_a_case_is_signed_once(case: Case, clara: User) -> None:
    readings.signature(case, by=clara)
    with pytest.raises(AlreadySigned):
        readings.signature(case, by=clara)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_signature_is_never_changed(case: Case, clara: User, change: str) -> None:
    kept = Signature.objects.filter(pk=readings.signature(case, by=clara).pk)
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        kept.update(printed_name="Somebody") if change == "update" else kept.delete()


def test_an_open_review_is_not_simply_signed(case: Case) -> None:
    review = Review.objects.get(case=case)
    review.state = ReviewState.OPEN
    with pytest.raises(OutOfOrder):
        review_move(review, to=ReviewState.SIGNED)


def test_every_state_has_its_followers() -> None:
    assert set(FOLLOWS) == set(ReviewState)
