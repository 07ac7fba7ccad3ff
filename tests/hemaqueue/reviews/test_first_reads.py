"""The blind first read: nothing of the suggestion before one's own word; both are kept."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from hemaqueue.accounts.models import User
from hemaqueue.reviews.first_reads import (
    FirstReadMade,
    FirstReadUnknown,
    first_read_record,
    images_revealed,
    is_withheld,
    prediction_shown,
)
from hemaqueue.reviews.models import ConfirmedLabel, FirstRead, Origin, ReviewPolicy
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(db: None) -> SmearImage:
    made = factories.image()
    factories.prediction(made)
    readings.reads_blind(made.site)
    return made


def test_a_reader_sees_no_result_before_their_own_word(image: SmearImage, clara: User) -> None:
    assert prediction_shown(image, reader=clara) is None
    assert not images_revealed(SmearImage.objects.all(), reader=clara).exists()
    first_read_record(image, choice="label", label="pro_b", seconds=4.0, by=clara)
    shown = prediction_shown(image, reader=clara)
    assert shown is not None
    assert shown.label == "early_pre_b"


def test_each_reader_has_a_first_read_of_their_own(image: SmearImage, clara: User) -> None:
    first_read_record(image, choice="uncertain", by=clara)
    assert is_withheld(image, reader=factories.person("carl", "clinician"))


def test_who_does_not_read_here_is_not_concerned(image: SmearImage) -> None:
    assert not is_withheld(image, reader=factories.tessa())
    assert not is_withheld(image, reader=factories.otto())


def test_the_newest_policy_counts(image: SmearImage, clara: User) -> None:
    policy = ReviewPolicy.objects.get()
    ReviewPolicy.objects.create(site=policy.site, by=policy.by, reason="Enough")
    assert not is_withheld(image, reader=clara)


def test_a_first_read_is_never_changed(image: SmearImage, clara: User) -> None:
    made = first_read_record(image, choice="label", label="pro_b", by=clara)
    assert first_read_record(image, choice="label", label="pro_b", by=clara) == made
    with pytest.raises(FirstReadMade):
        first_read_record(image, choice="label", label="pre_b", by=clara)
    with pytest.raises(DatabaseError), transaction.atomic():
        FirstRead.objects.update(label="pre_b")


def test_a_first_read_says_something(image: SmearImage, clara: User) -> None:
    with pytest.raises(FirstReadUnknown):
        first_read_record(image, choice="label", label="martian", by=clara)


def test_both_words_are_kept_beside_one_another(image: SmearImage, clara: User) -> None:
    first_read_record(image, choice="label", label="pro_b", by=clara)
    readings.decision(image, by=clara, choice="early_pre_b")
    assert FirstRead.objects.get().label == "pro_b"
    label = ConfirmedLabel.objects.get()
    assert (label.label, label.origin) == ("early_pre_b", Origin.CONFIRMED)


def test_who_decides_without_having_seen_it_decides_blind(image: SmearImage, clara: User) -> None:
    verdict = Verdict(choice="label", label="benign", stamp=review_stamp(image))
    decision_record(image, verdict=verdict, by=clara)
    label = ConfirmedLabel.objects.get()
    assert (label.origin, label.predicted_label) == (Origin.BLIND, "early_pre_b")
    assert FirstRead.objects.get().label == "benign"


def test_a_signed_case_hides_nothing(clara: User) -> None:
    case = readings.case_ready(by=clara)
    readings.signature(case, by=clara)
    readings.reads_blind(case.site)
    assert not is_withheld(case.images.get(), reader=factories.person("carl", "clinician"))
