"""What may teach: confirmed labels that still stand, each picture once, patients whole."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import NotAllowed
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.training.material import material
from hemaqueue.training.models import DatasetSnapshot, SnapshotImage
from hemaqueue.training.selectors import training_preview
from hemaqueue.training.snapshots import snapshot_freeze
from jobcontract.grouping import group_of
from tests import factories
from tests.hemaqueue.training.confirming import confirm_enough, confirmed, decide

pytestmark = pytest.mark.django_db


def found() -> Any:
    return material("synthetic", classes=factories.CLASSES)


def reasons() -> list[str]:
    return [one.reason for one in found().exclusions]


def test_what_a_model_said_never_teaches() -> None:
    factories.prediction(factories.image())
    assert found() == found().__class__([], [])


def test_a_technician_s_word_never_teaches(tessa: User) -> None:
    image = factories.image()
    with pytest.raises(NotAllowed):
        decide(image, "benign", by=tessa)
    assert found().lessons == []


def test_what_a_clinician_confirmed_teaches(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    (lesson,) = found().lessons
    assert (lesson.image, lesson.label, lesson.sha256) == (image.pk, "pre_b", image.sha256)


def test_the_newest_label_of_an_image_counts(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    decide(image, "pro_b", by=clara)
    assert [one.label for one in found().lessons] == ["pro_b"]


def test_who_takes_a_class_back_takes_the_label_back(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    verdict = Verdict(choice="uncertain", stamp=review_stamp(image))
    decision_record(image, verdict=verdict, by=clara)
    assert reasons() == ["decided_otherwise"]


def test_a_withdrawn_label_does_not_bring_back_the_one_before(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    decide(image, "pro_b", by=clara)
    newest = ConfirmedLabel.objects.filter(image=image).latest("pk")
    ConfirmedLabel.objects.filter(pk=newest.pk).update(withdrawn_at=timezone.now())
    assert found().lessons == []
    assert reasons() == ["label_withdrawn"]


def test_a_withdrawn_image_does_not_teach(clara: User) -> None:
    image = confirmed("pre_b", by=clara)
    image.withdrawn_at = timezone.now()
    image.save()
    assert reasons() == ["image_withdrawn"]


def test_another_kind_of_image_does_not_teach(clara: User) -> None:
    confirmed("pre_b", by=clara, kind="field")
    assert found().lessons == []


def test_a_patient_s_cases_are_one_group_and_hidden(clara: User) -> None:
    cases = [factories.CaseFactory(patient="P-7"), factories.CaseFactory(patient=" p-7 ")]
    for case in cases:
        confirmed("benign", by=clara, case=case)
    first, second = found().lessons
    assert first.group == second.group == first.own
    assert "p-7" not in first.group


def test_without_a_pseudonym_the_case_is_the_group() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert group_of(patient="", case=one) == group_of(patient=" ", case=one)
    assert group_of(patient="", case=one) != group_of(patient="", case=other)


def test_the_same_picture_at_two_sites_is_learned_once(clara: User, otto: User) -> None:
    here = confirmed("benign", by=clara, seed=7)
    case = factories.CaseFactory(site=factories.SiteFactory(slug="elsewhere"))
    there = confirmed("benign", by=otto, seed=7, case=case)
    assert [one.image for one in found().lessons] == [there.pk]
    assert found().exclusions == [(here.pk, "duplicate", ())]


def test_a_picture_about_which_sites_disagree_is_left_out(clara: User, otto: User) -> None:
    confirmed("benign", by=clara, seed=7)
    case = factories.CaseFactory(site=factories.SiteFactory(slug="elsewhere"))
    confirmed("pre_b", by=otto, seed=7, case=case)
    assert found().lessons == []
    assert reasons() == ["contradicted", "contradicted"]


def test_a_snapshot_holds_what_was_confirmed_and_never_changes(
    clara: User, adam: User, serving: ModelVersion
) -> None:
    confirm_enough(by=clara)
    snapshot = snapshot_freeze("synthetic", by=adam)
    assert snapshot.counts == dict.fromkeys(factories.CLASSES, 2)
    assert snapshot.images.count() == 8
    assert snapshot_freeze("synthetic", by=adam).digest == snapshot.digest
    for act in (
        lambda: DatasetSnapshot.objects.update(digest="0"),
        lambda: SnapshotImage.objects.update(label="benign"),
        lambda: SnapshotImage.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            act()


def test_another_label_is_another_manifest(clara: User, adam: User, serving: ModelVersion) -> None:
    image, *_ = confirm_enough(by=clara)
    before = snapshot_freeze("synthetic", by=adam).digest
    decide(image, "pro_b", by=clara)
    assert snapshot_freeze("synthetic", by=adam).digest != before


def test_the_preview_counts_each_class_and_says_why_not(clara: User, serving: ModelVersion) -> None:
    for code in factories.CLASSES[:3]:
        for _ in range(2):
            confirmed(code, by=clara)
    preview = training_preview("synthetic")
    assert [(one.code, one.total, one.new) for one in preview.counts] == [
        ("benign", 2, 2), ("early_pre_b", 2, 2), ("pre_b", 2, 2), ("pro_b", 0, 0),
    ]  # fmt: skip
    assert not preview.may_start
    assert preview.obstacle == "Each class needs 2 confirmed images: Pro-B has 0."


def test_one_patient_alone_does_not_make_a_class(clara: User, serving: ModelVersion) -> None:
    case = factories.CaseFactory()
    for code in factories.CLASSES:
        for _ in range(2):
            confirmed(code, by=clara, **({"case": case} if code == "pro_b" else {}))
    assert "2 patients: Pro-B has fewer" in training_preview("synthetic").obstacle


def test_enough_of_each_class_may_start(clara: User, serving: ModelVersion) -> None:
    confirm_enough(by=clara)
    preview = training_preview("synthetic")
    assert preview.may_start
    assert preview.new == 8
