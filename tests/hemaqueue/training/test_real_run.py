"""The loop once around with the real network: confirm, freeze, fine-tune, register, promote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.learning import training_requested
from hemaqueue.pipeline.versions import version_promoted
from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.selectors import model_reference, model_serving
from hemaqueue.registry.services import bundle_register
from hemaqueue.training.models import TrainingRun
from hemaqueue.training.services import Order
from inference_worker.bundle import load_stored_bundle
from jobcontract import sealing, storage
from jobcontract.messages import FineTuneModel
from tests import factories
from tests.hemaqueue.training.confirming import decide
from tests.hemaqueue.training.working import work
from tests.inference_worker.making import png, small_bundle
from tests.training_worker.drawing import draw
from training_worker.snapshot import parted, snapshot_images, snapshot_pixels

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving(db: None, tmp_path: Path) -> ModelVersion:
    small_bundle(tmp_path / "small-1", training={"parameters": 1})
    version = bundle_register(tmp_path / "small-1")
    model_promote(version, by=None, reason="First version")
    return version


def confirm_drawings(*, by: User, per_class: int) -> None:
    for number, code in enumerate(factories.CLASSES):
        for index in range(per_class):
            image = factories.image(sha256=f"{number}{index:063}")
            sealing.write_sealed(image.key, png(draw(number, seed=index)))
            decide(image, code, by=by)


def test_what_clinicians_confirm_becomes_a_version_that_serves(
    serving: ModelVersion, clara: User, adam: User, django_capture_on_commit_callbacks: Any
) -> None:
    confirm_drawings(by=clara, per_class=6)
    run = training_requested(Order("synthetic", epochs=2), by=adam)
    assert run.job
    with django_capture_on_commit_callbacks(execute=True):
        work(run.job)
    assert list(storage.keys(f"candidates/{run.pk.hex}")) == [], "the store has one copy"
    run = TrainingRun.objects.get()
    candidate = run.candidate
    assert candidate and run.fault == ""
    assert candidate.facts["dataset"]["parent"] == serving.digest
    assert candidate.facts["metrics"]["split"].endswith("by patient, subject or case")
    assert "goes on from small-1" in candidate.card
    assert "- sites: Demo Laboratory (24)" in candidate.card
    assert candidate.facts["dataset"]["images"] == run.snapshot.images.count() == 24
    assert "Figures" in candidate.card
    version_promoted(candidate, by=adam, reason="It learned", override="A small test")
    loaded = load_stored_bundle(model_reference(model_serving("synthetic")))
    assert loaded.digest == candidate.digest
    assert run.snapshot.counts == dict.fromkeys(factories.CLASSES, 6)


def test_no_patient_is_on_both_sides_of_the_split(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    case = factories.CaseFactory(patient="P-1")
    for number, code in enumerate(factories.CLASSES):
        for index in range(4):
            more = {"case": case} if index < 2 else {}
            image = factories.image(sha256=f"{number}{index:063}", **more)
            sealing.write_sealed(image.key, png(draw(number, seed=index)))
            decide(image, code, by=clara)
    run = training_requested(Order("synthetic", epochs=2), by=adam)
    lessons, checks = sides(run)
    assert lessons & checks == set()
    assert len(lessons | checks) == 9


def sides(run: TrainingRun) -> tuple[set[str], set[str]]:
    """Return the groups that the worker learns from, and those that it checks on."""
    assert run.job
    asked = FineTuneModel.from_json(run.job.payload)
    facts = load_stored_bundle(model_reference(run.base)).facts
    images = snapshot_images(facts, asked.manifest)
    pixels = snapshot_pixels(facts, images)
    folds = [one.fold for one in images]
    lessons, checks = parted(pixels, folds=folds, codes=facts.codes, seed=asked.seed)
    return set(lessons.groups), set(checks.groups)
