"""Second opinions, readers who disagree, and cases that two readers read."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.reviews.adjudicating import decision_adjudicate
from hemaqueue.reviews.blockers import signing_blockers
from hemaqueue.reviews.models import Decision, Review, ReviewPolicy
from hemaqueue.reviews.reading import decisions_shown, images_left_to, readings_shown
from hemaqueue.reviews.reading_twice import is_read_twice
from hemaqueue.reviews.referring import (
    AlreadyReferred,
    NoReader,
    ReferralUnexplained,
    referral_answer,
    referral_open,
    referral_take_back,
    referrals_to,
)
from hemaqueue.reviews.selectors import decisions_latest, review_stamp
from hemaqueue.reviews.services import NotDisputed, ReasonMissing, Verdict
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_guests, case_images, case_list
from hemaqueue.training.material import material
from tests import factories, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def carl(db: None) -> User:
    return factories.person("carl", "clinician")


def codes(case: Case) -> list[str]:
    return [one.code for one in signing_blockers(case)]


def first(case: Case) -> SmearImage:
    found = case_images(case).first()
    assert found is not None
    return found


def verdict(image: SmearImage, label: str, *, reason: str = "morphology") -> Verdict:
    return Verdict(choice="label", label=label, reason=reason, stamp=review_stamp(image))


def test_a_colleague_of_another_site_is_shown_the_case_and_may_read_it(
    case: Case, clara: User, otto: User
) -> None:
    referral_open(case, to=otto, note="Blasts?", by=clara)
    assert list(case_guests(case)) == [otto]
    assert [one.review.case for one in referrals_to(otto)] == [case]
    assert codes(case) == ["referred"]
    for image in case_images(case):
        readings.decision(image, by=otto)
    assert not referrals_to(otto).exists()
    assert codes(case) == []
    assert Decision.objects.filter(image=first(case)).count() == 2


def test_who_was_not_asked_decides_nothing_elsewhere(case: Case, otto: User) -> None:
    with pytest.raises(NotAllowed):
        readings.decision(first(case), by=otto)


def test_a_second_opinion_once_given_is_no_standing_right(
    case: Case, clara: User, otto: User
) -> None:
    referral = referral_open(case, to=otto, note="Blasts?", by=clara)
    referral_answer(referral, answer="I agree.", by=otto)
    with pytest.raises(NotAllowed):
        readings.decision(first(case), by=otto)


def test_a_question_is_asked_once_and_can_be_taken_back(
    case: Case, clara: User, carl: User
) -> None:
    referral = referral_open(case, to=carl, note="Blasts?", by=clara)
    with pytest.raises(AlreadyReferred):
        referral_open(case, to=carl, note="Again?", by=clara)
    referral_take_back(referral, by=clara)
    assert codes(case) == []


def test_a_question_has_a_note_and_a_reader(case: Case, clara: User, tessa: User) -> None:
    with pytest.raises(NoReader):
        referral_open(case, to=tessa, note="Blasts?", by=clara)
    with pytest.raises(ReferralUnexplained):
        referral_open(case, to=clara, note=" ", by=clara)


def test_only_who_was_asked_answers(case: Case, clara: User, carl: User, otto: User) -> None:
    referral = referral_open(case, to=carl, note="Blasts?", by=clara)
    with pytest.raises(Missing):
        referral_answer(referral, answer="Yes.", by=otto)


def test_readers_who_disagree_stop_the_signature_until_one_is_settled(
    case: Case, clara: User, carl: User
) -> None:
    image = first(case)
    readings.decision(image, by=carl, choice="pro_b")
    assert codes(case) == ["disagreement"]
    assert Review.objects.get(case=case).state == "open"
    assert "disagreement" in Review.objects.get(case=case).reasons
    decision_adjudicate(image, verdict=verdict(image, "early_pre_b"), by=clara)
    assert codes(case) == []
    assert decisions_latest([image.pk])[image.pk].adjudicates
    said = Decision.objects.filter(image=image, adjudicates=False).order_by("at")
    assert [one.label for one in said] == ["early_pre_b", "pro_b"]


def test_who_speaks_after_the_settlement_may_reopen_it(case: Case, clara: User, carl: User) -> None:
    image = first(case)
    readings.decision(image, by=carl, choice="pro_b")
    decision_adjudicate(image, verdict=verdict(image, "early_pre_b"), by=clara)
    readings.decision(image, by=carl, choice="early_pre_b")
    assert codes(case) == []
    readings.decision(image, by=carl, choice="pre_b")
    assert codes(case) == ["disagreement"]


def test_a_settlement_says_why_and_settles_something(case: Case, clara: User, carl: User) -> None:
    image = first(case)
    with pytest.raises(NotDisputed):
        decision_adjudicate(image, verdict=verdict(image, "early_pre_b"), by=clara)
    readings.decision(image, by=carl, choice="pro_b")
    with pytest.raises(ReasonMissing):
        decision_adjudicate(image, verdict=verdict(image, "early_pre_b", reason=""), by=clara)


def test_a_guest_settles_nothing(case: Case, clara: User, carl: User, otto: User) -> None:
    image = first(case)
    readings.decision(image, by=carl, choice="pro_b")
    referral_open(case, to=otto, note="Who is right?", by=clara)
    with pytest.raises(NotAllowed):
        decision_adjudicate(image, verdict=verdict(image, "pro_b"), by=otto)


def test_what_readers_disagree_about_teaches_nothing(case: Case, clara: User, carl: User) -> None:
    image = first(case)
    readings.decision(image, by=carl, choice="pro_b")
    found = material("synthetic", classes=factories.CLASSES)
    assert (image.pk, "readers_disagree", ()) in found.exclusions
    decision_adjudicate(image, verdict=verdict(image, "pre_b"), by=clara)
    lessons = material("synthetic", classes=factories.CLASSES).lessons
    assert {one.image: one.label for one in lessons}[image.pk] == "pre_b"


def read_twice(case: Case, *, by: User) -> None:
    """Have every case of the site read twice."""
    ReviewPolicy.objects.create(site=case.site, double_read_percent=100, by=by, reason="Quality")


def test_a_case_read_twice_is_not_signed_with_one_reader(
    case: Case, clara: User, carl: User, adam: User
) -> None:
    read_twice(case, by=adam)
    assert codes(case) == ["second_read", "second_read"]
    for image in case_images(case):
        readings.decision(image, by=carl)
    assert codes(case) == []
    assert Review.objects.get(case=case).state == "decided"


def test_a_case_that_waits_for_its_second_reader_is_open_and_not_clear(
    clara: User, adam: User
) -> None:
    image = factories.image()
    factories.prediction(image, scores={"benign": 0.99, "pre_b": 0.01})
    read_twice(image.case, by=adam)
    readings.decision(image, by=clara, choice="benign")
    review = Review.objects.get(case=image.case)
    assert (review.state, review.lane) == ("open", "ready")
    assert "second_read" in review.reasons


def test_the_second_reader_sees_no_word_of_the_first(
    case: Case, clara: User, carl: User, tessa: User, adam: User
) -> None:
    read_twice(case, by=adam)
    image = first(case)
    assert readings_shown(image, reader=carl) == []
    assert decisions_shown([image.pk], reader=carl) == {}
    assert len(readings_shown(image, reader=clara)) == 1
    assert len(readings_shown(image, reader=tessa)) == 1
    readings.decision(image, by=carl)
    assert len(readings_shown(image, reader=carl)) == 2


def test_each_reader_of_two_is_led_to_what_they_have_not_read(
    case: Case, clara: User, carl: User, adam: User
) -> None:
    assert not images_left_to(carl, case=case)
    read_twice(case, by=adam)
    assert len(images_left_to(carl, case=case)) == 2
    assert not images_left_to(clara, case=case)
    readings.decision(first(case), by=carl)
    assert len(images_left_to(carl, case=case)) == 1
    assert len(images_left_to(factories.person("cora", "clinician"), case=case)) == 1


def test_the_share_that_is_read_twice_is_as_large_as_asked_for_and_stable() -> None:
    cases = [factories.uuid.UUID(int=n) for n in range(4000)]
    drawn = [one for one in cases if is_read_twice(one, percent=10)]
    assert 0.08 < len(drawn) / len(cases) < 0.12
    assert all(is_read_twice(one, percent=20) for one in drawn)
    assert not any(is_read_twice(one, percent=0) for one in cases)
    assert case_list(factories.clara()).count() == 0
