"""What is withdrawn teaches no more; every version that saw it says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models import ConfirmedLabel, Decision
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.undoing import decision_undo
from hemaqueue.reviews.withdrawing import (
    ImageTeachesAlready,
    ImageTeachesNothing,
    NothingToWithdraw,
    WithdrawalUnexplained,
    image_teach_again,
    image_withdraw_from_training,
    label_withdraw,
)
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.material import material
from hemaqueue.training.models import DatasetSnapshot, SnapshotImage, TrainingRun
from hemaqueue.training.withdrawn import labels_shown, labels_withdrawn
from tests import factories
from tests.hemaqueue.training.confirming import confirmed, decide
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db
WHY = "The film of another patient."


def lessons() -> list[Any]:
    return list(material("synthetic", classes=factories.CLASSES).lessons)


def taught() -> set[object]:
    return {one.image for one in lessons()}


def version_from(
    image: SmearImage, *, name: str, base: ModelVersion, by: User, network: str = ""
) -> ModelVersion:
    """Return a version that learned the label of `image`: from `base` on, or a fresh `network`."""
    frozen = DatasetSnapshot.objects.create(
        kind="synthetic", digest=f"{name:0>64}", counts={}, made_by=by
    )
    label = ConfirmedLabel.objects.filter(image=image).latest("pk")
    SnapshotImage.objects.create(
        snapshot=frozen, image=image, confirmed=label, label=label.label, group="g",
        sha256=image.sha256,
    )  # fmt: skip
    made: ModelVersion = factories.ModelVersionFactory(name=name, status="candidate")
    TrainingRun.objects.create(
        snapshot=frozen, base=base, network=network, epochs=1, requested_by=by, candidate=made
    )
    return made


def test_a_label_that_is_withdrawn_teaches_no_more_and_a_later_one_does(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    assert taught() == {image.pk}
    label_withdraw(image, reason=WHY, by=clara)
    assert taught() == set()
    assert Decision.objects.get(image=image).label == "pre_b"  # what was decided stays
    decide(image, "pro_b", by=clara)
    assert taught() == {image.pk}


def test_an_image_that_is_withdrawn_teaches_nothing_ever(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    image_withdraw_from_training(image, reason=WHY, by=clara)
    decide(image, "pro_b", by=clara)
    assert taught() == set()
    with pytest.raises(ImageTeachesNothing):
        image_withdraw_from_training(image, reason=WHY, by=clara)


def test_an_image_that_is_put_back_teaches_what_was_decided_last(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    with pytest.raises(ImageTeachesAlready):
        image_teach_again(image, reason=WHY, by=clara)
    image_withdraw_from_training(image, reason=WHY, by=clara)
    image_teach_again(image, reason="It was the right film after all.", by=clara)
    assert taught() == {image.pk}
    image_withdraw_from_training(image, reason=WHY, by=clara)
    decide(image, "pro_b", by=clara)
    assert taught() == set()
    image_teach_again(image, reason="It was the right film after all.", by=clara)
    assert [one.label for one in lessons()] == ["pro_b"]
    assert AuditEvent.objects.filter(action="image.teach").count() == 2
    with pytest.raises(ImageTeachesAlready):
        image_teach_again(image, reason=WHY, by=clara)


def test_a_label_that_was_withdrawn_by_itself_is_not_put_back(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    label_withdraw(image, reason=WHY, by=clara)
    image_withdraw_from_training(image, reason=WHY, by=clara)
    image_teach_again(image, reason="It was the right film after all.", by=clara)
    assert taught() == set()
    decide(image, "pro_b", by=clara)
    assert taught() == {image.pk}


def test_undo_does_not_bring_back_what_was_withdrawn(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    label_withdraw(image, reason=WHY, by=clara)
    decide(image, "pro_b", by=clara)
    decision_undo(image, stamp=review_stamp(image), by=clara)
    assert Decision.objects.get(image=image).label == "pre_b"
    assert taught() == set()


def test_it_needs_a_reason_a_label_and_the_role(clara: User, tessa: User, adam: User) -> None:
    image = confirmed("pre_b", by=clara)
    for said in ("", "  ", "x" * 301):
        with pytest.raises(WithdrawalUnexplained):
            label_withdraw(image, reason=said, by=clara)
    with pytest.raises(NotAllowed):
        label_withdraw(image, reason=WHY, by=tessa)
    label_withdraw(image, reason=WHY, by=adam)
    with pytest.raises(NothingToWithdraw):
        label_withdraw(image, reason=WHY, by=clara)
    event = AuditEvent.objects.get(action="label.withdraw")
    assert (event.actor, event.details["label"]) == (adam, "pre_b")
    assert WHY not in str(event.details)


def test_every_version_that_saw_it_lists_it(clara: User, adam: User, otto: User) -> None:
    image, other = confirmed("pre_b", by=clara), confirmed("pro_b", by=clara)
    first = version_from(image, name="1", base=factories.ModelVersionFactory(), by=adam)
    second = version_from(other, name="2", base=first, by=adam)
    unaware = version_from(other, name="3", base=factories.ModelVersionFactory(), by=adam)
    beside = version_from(other, name="4", base=first, network="cnn4", by=adam)
    label_withdraw(image, reason=WHY, by=clara)
    versions = (first, second, unaware, beside)
    listed = [[one.image_id for one in labels_withdrawn(one)] for one in versions]
    assert listed == [[image.pk], [image.pk], [], []], "the last took nothing over from the first"
    assert list(labels_shown(second, user=otto)) == []
    said = Script(otto).get(f"/api/v1/models/{second.pk}/withdrawn/").json()
    assert (said["count"], said["results"]) == (1, [])
    [row] = Script(clara).get(f"/api/v1/models/{first.pk}/withdrawn/").json()["results"]
    assert (row["image"], row["label"]) == (str(image.pk), "pre_b")


def test_the_pages_say_so(clara: User, adam: User, otto: User) -> None:
    image, browser = confirmed("pre_b", by=clara), logged_in(clara)
    version = version_from(image, name="1", base=factories.ModelVersionFactory(), by=adam)
    page = browser.get(reverse("image_timeline", args=[image.pk])).content.decode()
    assert "A later model may learn from it as Pre-B." in page
    form = reverse("image_unteach", args=[image.pk])
    assert form in page
    assert browser.post(form, {"scope": "label", "reason": " "}).status_code == 422
    assert browser.post(form, {"scope": "label", "reason": WHY}).status_code == 302
    page = browser.get(reverse("image_timeline", args=[image.pk])).content.decode()
    assert "Clara Uwase withdrew Pre-B from training" in page
    assert WHY in page
    models = browser.get(reverse("models")).content.decode()
    assert reverse("model_withdrawn", args=[version.pk]) in models
    shown = browser.get(reverse("model_withdrawn", args=[version.pk])).content.decode()
    assert image.case.accession in shown
    hidden = logged_in(otto).get(reverse("model_withdrawn", args=[version.pk])).content.decode()
    assert image.case.accession not in hidden
    assert "1 more, not listed here" in hidden


def test_an_image_is_put_back_by_its_page(clara: User) -> None:
    image, browser = confirmed("pre_b", by=clara), logged_in(clara)
    form = reverse("image_unteach", args=[image.pk])
    browser.post(form, {"scope": "image", "reason": WHY})
    page = browser.get(reverse("image_timeline", args=[image.pk])).content.decode()
    assert "This image teaches no model" in page
    assert "Put back into training" in page
    assert "Put back" in browser.get(form).content.decode()
    assert browser.post(form, {"scope": "image", "reason": WHY}).status_code == 422
    assert browser.post(form, {"scope": "back", "reason": ""}).status_code == 422
    assert browser.post(form, {"scope": "back", "reason": WHY}).status_code == 302
    page = browser.get(reverse("image_timeline", args=[image.pk])).content.decode()
    assert "A later model may learn from it as Pre-B." in page
    assert "Clara Uwase put the image back into training" in page


def test_a_script_withdraws_and_reads_what_was_withdrawn(clara: User) -> None:
    image, script = confirmed("pre_b", by=clara), Script(clara)
    address = f"/api/v1/images/{image.pk}/label-withdrawals/"
    made = script.post(address, {"scope": "label", "reason": WHY})
    assert (made.status_code, made.json()["label"]) == (201, "pre_b")
    again = script.post(address, {"scope": "label", "reason": WHY})
    assert (again.status_code, again.json()["code"]) == (409, "no_label")
    assert [one["reason"] for one in script.get(address).json()["results"]] == [WHY]
    image_out = script.post(address, {"scope": "image", "reason": WHY})
    back = script.post(address, {"scope": "back", "reason": WHY})
    assert (image_out.json()["scope"], back.status_code, back.json()["scope"]) == (
        "image", 201, "back",
    )  # fmt: skip
    again = script.post(address, {"scope": "back", "reason": WHY})
    assert (again.status_code, again.json()["code"]) == (409, "not_withdrawn")
