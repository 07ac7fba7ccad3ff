"""Confirming many images at once: the clear lane alone, and each one looked at again."""

from __future__ import annotations

import uuid

import pytest

from hemaqueue.accounts.identity import Proof
from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.reviews.bulk import TooMany, images_confirm
from hemaqueue.reviews.claims import case_claim
from hemaqueue.reviews.models import ConfirmedLabel, Decision, Review, ReviewState
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.material import material
from tests import factories, readings

pytestmark = pytest.mark.django_db

SURE = {"benign": 0.99, "early_pre_b": 0.005, "pre_b": 0.003, "pro_b": 0.002}


def clear_image(number: int) -> SmearImage:
    """An image of a clear case of its own, outside of the audit sample."""
    made = factories.image(case=factories.CaseFactory(pk=uuid.UUID(int=number)))
    factories.prediction(made, scores=SURE)
    return made


def test_clear_images_are_confirmed_and_marked(clara: User) -> None:
    images = [clear_image(1), clear_image(2)]
    done = images_confirm([one.pk for one in images], proof=Proof(clara))
    assert (done.images, done.refused) == ([one.pk for one in images], [])
    labels = ConfirmedLabel.objects.all()
    assert {(one.label, one.origin, one.predicted_label) for one in labels} == {
        ("benign", "bulk", "benign")
    }
    assert {one.state for one in Review.objects.all()} == {ReviewState.DECIDED}
    events = AuditEvent.objects.filter(action="image.decide", details__bulk=True)
    assert events.count() == 2


def test_no_model_learns_from_what_was_confirmed_together(clara: User) -> None:
    image = clear_image(1)
    images_confirm([image.pk], proof=Proof(clara))
    found = material(image.kind, classes=["benign"])
    assert found.lessons == []
    assert (image.pk, "confirmed_in_bulk", ()) in found.exclusions


def test_one_that_turned_strange_meanwhile_is_refused_and_the_others_are_not(clara: User) -> None:
    clear, strange = clear_image(1), clear_image(2)
    # What turned it has happened, and nobody has sorted its case since.
    SmearImage.objects.filter(pk=strange.pk).update(quality_flags=["out_of_focus"])
    done = images_confirm([clear.pk, strange.pk], proof=Proof(clara))
    assert done.images == [clear.pk]
    [refused] = done.refused
    assert (refused.image, refused.code) == (strange.pk, "not_clear")
    assert refused.reasons == ["out_of_focus"]
    assert not Decision.objects.filter(image=strange).exists()


def test_one_that_is_read_or_held_is_refused(clara: User) -> None:
    read, held = clear_image(1), clear_image(2)
    carl = factories.person("carl", "clinician", site=read.site)
    readings.decision(read, by=carl, choice="benign")
    case_claim(held.case, by=carl)
    done = images_confirm([read.pk, held.pk], proof=Proof(clara))
    assert [one.code for one in done.refused] == ["decided", "claimed"]


def test_a_foreign_image_is_as_unknown_as_none(clara: User, otto: User) -> None:
    image = clear_image(1)
    done = images_confirm([image.pk, uuid.uuid4()], proof=Proof(otto))
    assert [one.code for one in done.refused] == ["not_found", "not_found"]
    assert not Decision.objects.exists()


def test_a_malignant_suggestion_is_never_confirmed_with_others(clara: User) -> None:
    image = factories.image()
    factories.prediction(image)
    done = images_confirm([image.pk], proof=Proof(clara))
    assert [one.code for one in done.refused] == ["not_clear"]


@pytest.mark.parametrize("count", [0, 49])
def test_none_and_too_many_are_refused(clara: User, count: int) -> None:
    with pytest.raises(TooMany):
        images_confirm([uuid.uuid4() for _ in range(count)], proof=Proof(clara))
