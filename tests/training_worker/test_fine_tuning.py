"""Signed labels in, a candidate bundle out: real sealed files, a real signed bundle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference_worker.bundle import read_bundle
from jobcontract import signing, storage
from jobcontract.messages import (
    FineTuneModel,
    ModelReference,
    Parcel,
    Ticket,
    TrainedModel,
    TrainingImage,
)
from jobcontract.names import Work
from jobcontract.reporting import ReportingTask, WorkFailed
from jobcontract.sealing import write_sealed
from tests.inference_worker.making import png, small_bundle
from tests.training_worker.drawing import draw
from training_worker.app import app
from training_worker.fine_tuning import Told, fine_tuned

CODES = ("benign", "early_pre_b", "pre_b", "pro_b")


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelReference:
    monkeypatch.setenv("HEMAQUEUE_DATA", str(tmp_path))
    digest = small_bundle(tmp_path / "made", training={"parameters": 1}).digest
    for path in (tmp_path / "made").iterdir():
        storage.write(f"bundles/{digest}/{path.name}", path.read_bytes())
    signature = signing.sign(digest, salt=signing.Salt.BUNDLE)
    storage.write(f"bundles/{digest}/signature", signature.encode())
    return ModelReference(version="1", bundle_key=f"bundles/{digest}", digest=digest)


def parcel(
    reference: ModelReference, *, per_class: int, labels: tuple[str, ...], snapshot: str = "one"
) -> Parcel:
    images = [
        TrainingImage(
            image=write_sealed(f"images/{snapshot}/{label}{index}", png(draw(number, seed=index))),
            label=label,
            group=f"{snapshot} {label}{index}",
            sha256=f"{snapshot}{number}{index}",
        )
        for number, label in enumerate(labels)
        for index in range(per_class)
    ]
    text = json.dumps([one.to_json() for one in images]).encode()
    asked = FineTuneModel(
        manifest=write_sealed(f"snapshots/{snapshot}", text), output_prefix="candidates", epochs=2
    )
    return Parcel(
        id="p",
        work=Work.FINE_TUNE_MODEL,
        tickets=(Ticket("job7", 1),),
        bodies=(asked.to_json(),),
        shared=reference.to_json(),
    )


def test_a_candidate_is_stored_with_its_figures(reference: ModelReference) -> None:
    told: list[dict[str, Any]] = []
    (outcome,) = fine_tuned(parcel(reference, per_class=6, labels=CODES), told=Told(told.append))
    trained = TrainedModel.from_json(outcome.body)
    assert outcome.ok
    assert trained.bundle_key == "candidates/job7-1"
    assert [facts["epoch"] for facts in told if "epoch" in facts] == [1, 2]

    def read(name: str) -> bytes:
        return storage.read(f"{trained.bundle_key}/{name}")

    bundle = read_bundle(read, digest=trained.digest)
    assert bundle.facts.dataset["parent"] == reference.digest
    assert bundle.facts.dataset["images"] == 24
    assert trained.metrics["serving"]["accuracy"] >= 0
    assert not storage.exists(f"{trained.bundle_key}/signature"), "the platform signs, not us"
    assert b"Figures" in read("card.md")


@pytest.mark.parametrize(
    ("per_class", "labels", "code"),
    [
        (1, CODES, "too_few_images"),
        (4, CODES[:2], "too_few_images"),
        (0, CODES, "too_few_images"),
        (2, ("platelet",), "unknown_class"),
    ],
)
def test_a_snapshot_that_cannot_teach_is_refused(
    reference: ModelReference, per_class: int, labels: tuple[str, ...], code: str
) -> None:
    with pytest.raises(WorkFailed) as refused:
        fine_tuned(parcel(reference, per_class=per_class, labels=labels), told=Told(lambda _: None))
    assert refused.value.code == code


def test_the_task_is_registered_under_the_contracts_name() -> None:
    app.loader.import_default_modules()
    assert isinstance(app.tasks[Work.FINE_TUNE_MODEL], ReportingTask)
