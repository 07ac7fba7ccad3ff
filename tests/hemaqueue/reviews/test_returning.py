"""Back to the bench and again: why, the answer, and who reads on."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.reviews.blockers import signing_blockers
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.returning import (
    AlreadyReturned,
    AnswerMissing,
    NoReplacement,
    NotAtBench,
    ReturnUnexplained,
    image_return,
    return_answer,
    return_get,
    return_replace,
    returns_open,
)
from hemaqueue.reviews.states import AlreadySigned
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_images
from tests import factories, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(case: Case) -> SmearImage:
    found = case_images(case).first()
    assert found is not None
    return found


def codes(case: Case) -> list[str]:
    return [one.code for one in signing_blockers(case)]


def test_an_image_at_the_bench_stops_the_signature_and_nothing_else(
    case: Case, image: SmearImage, clara: User, tessa: User
) -> None:
    image_return(image, reason="poor_focus", note="Edges only", by=clara)
    assert codes(case) == ["at_bench"]
    assert Review.objects.get(case=case).at_bench
    (waiting,) = returns_open(tessa)
    assert (waiting.image, waiting.note) == (image, "Edges only")
    other = case_images(case).last()
    assert other is not None
    readings.decision(other, by=clara, choice="pre_b")


def test_a_word_from_the_bench_brings_the_case_back_to_who_asked(
    case: Case, image: SmearImage, clara: User, tessa: User
) -> None:
    returned = image_return(image, reason="poor_focus", note="", by=clara)
    return_answer(returned, answer="There is no better field.", by=tessa)
    review = Review.objects.get(case=case)
    assert (review.claimed_by, review.at_bench) == (clara, False)
    assert "answered" in review.reasons
    assert codes(case) == []


def test_a_better_image_takes_the_place_of_the_one_sent_back(
    case: Case, image: SmearImage, clara: User, tessa: User
) -> None:
    returned = image_return(image, reason="poor_focus", note="", by=clara)
    better = factories.image(case=case)
    factories.prediction(better)
    return_replace(returned, replacement=better, by=tessa)
    image.refresh_from_db()
    assert image.withdrawn_at is not None
    assert image not in case_images(case)
    assert better.replaces.get().image == image
    assert codes(case) == ["undecided"]
    readings.decision(better, by=clara)
    readings.signature(case, by=clara)


def test_an_image_of_another_case_replaces_nothing(
    image: SmearImage, clara: User, tessa: User
) -> None:
    returned = image_return(image, reason="poor_focus", note="", by=clara)
    for wrong in (factories.image(), image):
        with pytest.raises(NoReplacement):
            return_replace(returned, replacement=wrong, by=tessa)


def test_another_reason_needs_a_note(image: SmearImage, clara: User) -> None:
    for reason in ("other", "", "bored"):
        with pytest.raises(ReturnUnexplained):
            image_return(image, reason=reason, note=" ", by=clara)


def test_an_image_is_sent_back_once_and_answered_once(
    image: SmearImage, clara: User, tessa: User
) -> None:
    returned = image_return(image, reason="wrong_field", note="", by=clara)
    with pytest.raises(AlreadyReturned):
        image_return(image, reason="wrong_field", note="", by=clara)
    with pytest.raises(AnswerMissing):
        return_answer(returned, answer=" ", by=tessa)
    return_answer(returned, answer="None.", by=tessa)
    with pytest.raises(NotAtBench):
        return_answer(returned, answer="None.", by=tessa)


def test_a_signed_image_is_not_sent_back(case: Case, image: SmearImage, clara: User) -> None:
    readings.signature(case, by=clara)
    with pytest.raises(AlreadySigned):
        image_return(image, reason="poor_focus", note="", by=clara)


def test_only_a_clinician_sends_back_and_only_the_bench_answers(
    image: SmearImage, clara: User, tessa: User, adam: User, otto: User
) -> None:
    for who in (tessa, adam, otto):
        with pytest.raises(NotAllowed):
            image_return(image, reason="poor_focus", note="", by=who)
    returned = image_return(image, reason="poor_focus", note="", by=clara)
    with pytest.raises(NotAllowed):
        return_answer(returned, answer="None.", by=adam)
    with pytest.raises(Missing):
        return_get(otto, image=image)
