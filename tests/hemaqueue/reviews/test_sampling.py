"""Each label says why its image was read, and how likely that was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from hemaqueue.accounts.identity import Proof
from hemaqueue.accounts.models import User
from hemaqueue.reviews.amending import review_amend
from hemaqueue.reviews.bulk import images_confirm
from hemaqueue.reviews.lanes import AUDITED, is_audited
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import reviews_open
from hemaqueue.reviews.undoing import decision_undo
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings

pytestmark = pytest.mark.django_db

SURE = {"benign": 0.99, "early_pre_b": 0.005, "pre_b": 0.003, "pro_b": 0.002}
UNSURE = {"benign": 0.6, "early_pre_b": 0.2, "pre_b": 0.1, "pro_b": 0.1}
MALIGNANT = {"benign": 0.01, "early_pre_b": 0.01, "pre_b": 0.97, "pro_b": 0.01}
DRAWN = next(UUID(int=number) for number in range(1, 999) if is_audited(UUID(int=number)))
OTHER = next(UUID(int=number) for number in range(1, 999) if not is_audited(UUID(int=number)))


def image_of(case: UUID, **said: Any) -> SmearImage:
    """Return an image of a case that was scored and stands in its lane."""
    known = Case.objects.filter(pk=case).first() or factories.CaseFactory(pk=case)
    image = factories.image(case=known)
    factories.prediction(image, **said)
    reviews_open([known])
    return image


def noted(image: SmearImage) -> tuple[str, float | None]:
    newest = ConfirmedLabel.objects.filter(image=image).order_by("-pk").first()
    assert newest is not None
    return newest.read_because, newest.probability


@pytest.mark.parametrize(
    ("case", "said", "because", "probability"),
    [
        (DRAWN, {"scores": SURE}, "audit", AUDITED),
        (OTHER, {"scores": SURE}, "chosen", None),
        (OTHER, {"scores": UNSURE}, "uncertain", 1.0),
        (OTHER, {"scores": MALIGNANT}, "lane", 1.0),
        (DRAWN, {"scores": MALIGNANT}, "lane", 1.0),
        (OTHER, {"scores": SURE, "flags": ["out_of_distribution"]}, "out_of_distribution", 1.0),
    ],
)
def test_a_label_says_why_its_image_was_read(
    clara: User, case: UUID, said: dict[str, Any], because: str, probability: float | None
) -> None:
    image = image_of(case, **said)
    readings.decision(image, by=clara, choice="benign")
    assert noted(image) == (because, probability)


def test_what_is_said_of_one_image_does_not_change_why_the_next_is_read(clara: User) -> None:
    first, second, third = (image_of(DRAWN, scores=SURE) for _ in range(3))
    readings.decision(first, by=clara, choice="uncertain")
    readings.decision(second, by=clara, choice="pre_b")
    readings.decision(third, by=clara, choice="benign")
    assert noted(second) == noted(third) == ("audit", AUDITED)


def test_what_is_taken_back_begins_anew(clara: User) -> None:
    image = image_of(DRAWN, scores=SURE)
    readings.decision(image, by=clara, choice="uncertain")
    decision_undo(image, stamp=review_stamp(image), by=clara)
    SmearImage.objects.filter(pk=image.pk).update(quality_flags=["out_of_focus"])
    reviews_open([image.case])
    readings.decision(image, by=clara, choice="benign")
    assert noted(image) == ("lane", 1.0)


def test_what_was_confirmed_together_has_no_probability_and_gets_none(clara: User) -> None:
    image = image_of(OTHER, scores=SURE)
    images_confirm([image.pk], proof=Proof(clara))
    assert noted(image) == ("together", None)
    readings.signature(image.case, by=clara)
    review_amend(image.case, by=clara, reason="Seen again")
    readings.decision(image, by=clara, choice="benign")
    assert noted(image) == ("together", None), "it stands for none but itself"


def test_an_image_keeps_its_reason_and_one_that_came_later_is_read_in_any_case(
    clara: User,
) -> None:
    image = image_of(DRAWN, scores=SURE)
    readings.decision(image, by=clara, choice="benign")
    readings.signature(image.case, by=clara)
    late = image_of(DRAWN, scores=SURE)
    for one in (image, late):
        readings.decision(one, by=clara, choice="benign")
    assert noted(image) == ("audit", AUDITED)
    assert noted(late) == ("lane", 1.0)
