"""Single cells while no version serves them: imported, frozen, kept for judging, learned from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.learning import frozen_wanted, training_requested
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.selectors import NoModelServes
from hemaqueue.registry.services import bundle_register
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import Dataset, DatasetSnapshot, FrozenImage, TrainingRun
from hemaqueue.training.networks import NETWORKS
from hemaqueue.training.selectors import NothingToCompare, training_preview
from hemaqueue.training.services import Order
from hemaqueue.training.snapshots import snapshot_freeze
from inference_worker.classes import TWO_CLASSES
from tests.hemaqueue.training.importing import imported
from tests.hemaqueue.training.working import work
from tests.inference_worker.making import png, small_bundle
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db
ONLY_SETS = Sources(confirmed=False, datasets=None)
SUBJECTS = {"all": ("1", "2", "3"), "hem": ("H1", "H2", "H3")}


def cell(name: str, *, seed: int) -> bytes:
    """Draw one cell in the middle of a black ground: the malignant ones are larger and darker."""
    random = np.random.default_rng([len(name), seed])
    picture = np.zeros((64, 64, 3), np.uint8)
    size, light = (20, 90) if name == "all" else (14, 140)
    colour = (random.normal((light, light // 2, light), 8)).clip(1, 255).tolist()
    axes = tuple((size + random.integers(-2, 3, 2)).tolist())
    cv2.ellipse(picture, (32, 32), axes, float(random.uniform(0, 180)), 0, 360, colour, -1)
    return png(picture)


def cells(*, each: int = 3) -> dict[str, bytes | str]:
    """Return files as C-NMC names them, below a folder that names no class."""
    return {
        f"fold_0/UID_{subject}_{n}_1_{name}.png": cell(name, seed=31 * at + n)
        for name, subjects in SUBJECTS.items()
        for at, subject in enumerate(subjects)
        for n in range(each)
    }


@pytest.fixture
def dataset(adam: User) -> Dataset:
    return imported(cells(), by=adam, name="Cells", kind="cell")


@pytest.fixture
def candidate(db: None, tmp_path: Path) -> ModelVersion:
    """A version for cells that does not serve, as the shipped one."""
    small_bundle(tmp_path / "cell-1", image_kind="cell", classes=TWO_CLASSES)
    return bundle_register(tmp_path / "cell-1")


def test_their_classes_are_known_and_their_subjects_stay_apart(dataset: Dataset) -> None:
    assert (dataset.layout, dataset.names) == ("cnmc", {"all": "malignant", "hem": "benign"})
    assert dataset.faults.count() == 0
    rows = set(dataset.images.values_list("label", "subject", "group"))
    assert len(rows) == len({group for *_, group in rows}) == 6, "alike as they look"


def test_they_are_frozen_and_kept_for_judging(dataset: Dataset, adam: User) -> None:
    addition = frozen_wanted("cell", sources=ONLY_SETS, percent=30, reason="To judge.", by=adam)
    assert addition.added == FrozenImage.objects.count() == 6
    snapshot = snapshot_freeze("cell", by=adam, sources=ONLY_SETS)
    assert snapshot.counts == {"benign": 6, "malignant": 6}
    assert (snapshot.groups, snapshot.folds) == (4, 2)
    preview = training_preview("cell", sources=ONLY_SETS)
    assert (preview.serving, preview.may_start, preview.new) == (None, True, 12)


def test_a_network_learns_from_nothing_beside_the_newest_version(
    dataset: Dataset, candidate: ModelVersion, adam: User, django_capture_on_commit_callbacks: Any
) -> None:
    frozen_wanted("cell", sources=ONLY_SETS, percent=30, reason="To judge.", by=adam)
    snapshot = snapshot_freeze("cell", by=adam, sources=ONLY_SETS)
    given = {"network": "cnn4", "snapshot": snapshot.pk, "changes": {"input_size": 32}}
    run = training_requested(Order("cell", epochs=1, **given), by=adam)
    assert (run.base, run.job is not None) == (candidate, True)
    assert run.job
    with django_capture_on_commit_callbacks(execute=True):
        work(run.job)
    run = TrainingRun.objects.get()
    assert run.fault == ""
    assert run.candidate and run.candidate.status == ModelStatus.CANDIDATE
    assert [one["code"] for one in run.candidate.facts["classes"]] == ["benign", "malignant"]
    assert run.metrics["frozen"]["n"] == 6


def test_a_snapshot_is_looked_at_while_no_version_serves(
    dataset: Dataset, candidate: ModelVersion, adam: User
) -> None:
    snapshot = snapshot_freeze("cell", by=adam, sources=ONLY_SETS)
    asked = f"/api/v1/training/preview/?snapshot={snapshot.pk}&epochs=7"
    (said,) = Script(adam).get(f"{asked}&network=cnn4").json()["results"]
    assert (said["image_kind"], said["serving"], said["epochs"]) == ("cell", None, 7)
    assert {(one["code"], one["total"], one["new"], one["groups"]) for one in said["classes"]} == {
        ("benign", 9, 9, 3),
        ("malignant", 9, 9, 3),
    }
    assert (said["may_start"], said["obstacle"]) == (True, "")
    (said,) = Script(adam).get(asked).json()["results"]
    assert not said["may_start"]
    assert "Choose a network that begins from nothing." in said["obstacle"]
    ModelVersion.objects.all().delete()
    (said,) = Script(adam).get(f"{asked}&network=cnn4").json()["results"]
    assert "Register a bundle of this kind." in said["obstacle"]


def test_nothing_goes_on_learning_that_does_not_serve(
    dataset: Dataset, candidate: ModelVersion, adam: User
) -> None:
    snapshot = snapshot_freeze("cell", by=adam, sources=ONLY_SETS)
    with pytest.raises(NoModelServes):
        training_requested(Order("cell", epochs=1, snapshot=snapshot.pk), by=adam)
    assert not TrainingRun.objects.exists()


def test_without_any_version_there_is_nothing_to_compare_with(dataset: Dataset, adam: User) -> None:
    snapshot = snapshot_freeze("cell", by=adam, sources=ONLY_SETS)
    with pytest.raises(NothingToCompare) as refused:
        training_requested(Order("cell", epochs=1, network="cnn4", snapshot=snapshot.pk), by=adam)
    assert refused.value.code == "no_version"


def test_the_pages_offer_what_can_be_done(
    dataset: Dataset, candidate: ModelVersion, adam: User
) -> None:
    browser = logged_in(adam)
    given = {"kind": "cell", "sources": [str(dataset.pk)]}
    shown = browser.post(reverse("snapshots"), given, follow=True).content.decode()
    assert "The snapshot is frozen." in shown
    assert "single cells: frozen test set" in browser.get(reverse("snapshots")).content.decode()
    page = browser.get(reverse("training")).content.decode()
    assert "No version serves: a network begins from nothing." in page
    assert "The version that serves goes on learning" not in page
    assert f"<b>{NETWORKS[0]}, from nothing.</b>" in page
    assert '<details class="fold" open>' in page
    order = {"kind": "cell", "epochs": "7", "network": "cnn4"}
    order["snapshot"] = str(DatasetSnapshot.objects.get().pk)
    looked = browser.post(reverse("training_preview"), order, headers={"HX-Request": "true"})
    assert "<b>cnn4, from nothing.</b>" in looked.content.decode()
    assert "A run cannot begin yet." not in looked.content.decode()
    without = browser.post(reverse("training_preview"), order | {"network": ""})
    assert "Choose a network that begins from nothing." in without.content.decode()
    row = Script(adam).get("/api/v1/training/preview/").json()["results"][0]
    assert (row["image_kind"], row["serving"]) == ("cell", None)
