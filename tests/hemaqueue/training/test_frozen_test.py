"""The frozen test set: it only grows, and nothing of it, or beside it, is ever learned from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from hemaqueue.accounts.models import User
from hemaqueue.api.shown.training import frozen_answer
from hemaqueue.common.errors import Missing
from hemaqueue.pipeline.learning import frozen_wanted, training_requested
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.folding import SplitOverlap, folds_of, require_disjoint
from hemaqueue.training.frozen_test import NothingToFreeze, ReasonMissing
from hemaqueue.training.lessons import CONFIRMED_ONLY, EVERYTHING, Lesson, Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import DatasetSnapshot, FrozenImage, SnapshotImage
from hemaqueue.training.services import Order
from hemaqueue.training.snapshots import (
    FrozenTouched,
    LabelsWithdrawn,
    frozen_seal,
    require_usable,
    snapshot_freeze,
)
from jobcontract.messages import FineTuneModel, TrainingImage
from jobcontract.sealing import read_shared
from tests import factories
from tests.hemaqueue.training.confirming import confirm_enough, confirmed
from tests.hemaqueue.training.importing import imported, pictures

pytestmark = pytest.mark.django_db


def extend(by: User, *, percent: int = 100, sources: Sources = CONFIRMED_ONLY, **more: Any) -> None:
    given = {"reason": "To judge on."} | more
    frozen_wanted("synthetic", sources=sources, percent=percent, by=by, **given)


def learned(kind: str = "synthetic") -> set[str]:
    found = material(kind, classes=factories.CLASSES, sources=EVERYTHING)
    return {one.sha256 for one in found.lessons}


def test_only_who_runs_the_installation_extends_it_and_says_why(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    confirm_enough(by=clara)
    with pytest.raises(Missing):
        extend(clara)
    with pytest.raises(ReasonMissing):
        extend(adam, reason=" ")
    assert not FrozenImage.objects.exists()


def test_its_images_never_enter_training(serving: ModelVersion, clara: User, adam: User) -> None:
    confirm_enough(by=clara, per_class=4)
    extend(adam, percent=50)
    frozen = set(FrozenImage.objects.values_list("sha256", flat=True))
    assert len(frozen) == 8
    assert learned().isdisjoint(frozen)
    run = training_requested(Order("synthetic", epochs=2), by=adam)
    assert set(run.snapshot.images.values_list("sha256", flat=True)).isdisjoint(frozen)
    assert run.job
    asked = FineTuneModel.from_json(run.job.payload)
    sent = [TrainingImage.from_json(one) for one in json.loads(read_shared(asked.frozen))]
    assert {one.sha256 for one in sent} == frozen, "the worker judges on it"


def test_another_image_of_the_same_patient_never_teaches(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    case = factories.CaseFactory(patient="P-77")
    confirmed("pre_b", by=clara, case=case)
    extend(adam)
    confirmed("pre_b", by=clara, case=case)
    found = material("synthetic", classes=factories.CLASSES)
    assert found.lessons == []
    assert sorted(one.reason for one in found.exclusions) == ["beside_test_set", "in_test_set"]


def test_what_a_run_was_given_is_not_judged_on(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    confirm_enough(by=clara)
    training_requested(Order("synthetic", epochs=2), by=adam)
    with pytest.raises(NothingToFreeze):
        extend(adam)
    confirmed("benign", by=clara)
    extend(adam)
    assert FrozenImage.objects.count() == 1


def test_pictures_that_look_alike_are_judged_as_one_group(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    """Intervals are drawn over groups: copies that count apart would make them too narrow."""
    images = [confirmed("pre_b", by=clara) for _ in range(3)]
    for image, look in zip(images, (0, 1, 0x0FF0F00F0FF0F00F), strict=True):
        SmearImage.objects.filter(pk=image.pk).update(perceptual_hash=look)
    extend(adam)
    sealed = frozen_seal("synthetic")
    assert sealed
    groups = {one["sha256"]: one["group"] for one in json.loads(read_shared(sealed))}
    first, second, other = (groups[image.sha256] for image in images)
    assert first == second != other
    assert frozen_answer("synthetic").groups == 2


def test_it_never_changes(serving: ModelVersion, clara: User, adam: User) -> None:
    confirm_enough(by=clara)
    extend(adam)
    for act in (
        lambda: FrozenImage.objects.update(label="benign"),
        lambda: FrozenImage.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            act()


def test_a_snapshot_into_which_it_grew_is_refused(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    confirm_enough(by=clara)
    snapshot = snapshot_freeze("synthetic", by=adam)
    extend(adam, percent=50)
    with pytest.raises(FrozenTouched) as refused:
        training_requested(Order("synthetic", epochs=2, snapshot=snapshot.pk), by=adam)
    assert refused.value.code == "test_set_touched"


def test_a_snapshot_whose_groups_overlap_fails_with_its_code(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    images = confirm_enough(by=clara)
    broken = DatasetSnapshot.objects.create(kind="synthetic", digest="1", counts={}, made_by=adam)
    for fold, image in enumerate(images[:2]):
        SnapshotImage.objects.create(
            snapshot=broken, image=image, confirmed=ConfirmedLabel.objects.get(image=image),
            label="benign", group="one", fold=fold, sha256=image.sha256,
        )  # fmt: skip
    with pytest.raises(SplitOverlap) as refused:
        require_usable(broken)
    assert refused.value.code == "split_overlap"


def test_a_snapshot_with_a_label_that_was_withdrawn_is_refused(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    confirm_enough(by=clara)
    snapshot = snapshot_freeze("synthetic", by=adam)
    ConfirmedLabel.objects.filter(label="pre_b").update(withdrawn_at=Now())
    with pytest.raises(LabelsWithdrawn):
        training_requested(Order("synthetic", epochs=2, snapshot=snapshot.pk), by=adam)


def test_imported_pictures_teach_and_may_be_kept_for_judging(
    serving: ModelVersion, adam: User
) -> None:
    names = [f"{word}/{n}.png" for word in ("Benign", "Early", "Pre", "Pro") for n in range(4)]
    dataset = imported(pictures(*names, first=42_000), by=adam)
    assert len(learned()) == 16
    extend(adam, percent=25, sources=Sources(confirmed=False, datasets=(dataset.pk,)))
    assert FrozenImage.objects.count() >= 4
    assert learned().isdisjoint(FrozenImage.objects.values_list("sha256", flat=True))
    sources = Sources(confirmed=False, datasets=(dataset.pk,))
    snapshot = snapshot_freeze("synthetic", by=adam, sources=sources)
    run = training_requested(
        Order("synthetic", epochs=3, network="cnn4", snapshot=snapshot.pk), by=adam
    )
    assert run.job
    assert FineTuneModel.from_json(run.job.payload).network == "cnn4"


def lesson(number: int, *, label: str, group: str) -> Lesson:
    return Lesson(key="", sha256=f"{number}", label=label, own=group, group=group)


def test_folds_hold_whole_groups_and_every_class() -> None:
    lessons = [
        lesson(10 * n + k, label=code, group=f"{code}{n}")
        for code, groups in (("a", 5), ("b", 9), ("c", 20))
        for n in range(groups)
        for k in range(1 + n % 3)
    ]
    found = folds_of(lessons, classes=("a", "b", "c"))
    require_disjoint([(one.group, one.fold) for one in found])
    held = {(one.fold, one.label) for one in found}
    assert len(held) == 15
    assert [one.fold for one in folds_of(lessons, classes=("c", "b", "a"))] == [
        one.fold for one in found
    ]
