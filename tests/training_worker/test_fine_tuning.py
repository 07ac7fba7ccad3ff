"""Signed labels in, a candidate bundle out: real sealed files, a real signed bundle."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference_worker.bundle import BundleFacts, load_stored_bundle, read_bundle
from inference_worker.networks import build_network
from jobcontract import signing, storage
from jobcontract.environment import data_folder
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
from training_worker.boxes import pseudo_targets
from training_worker.fine_tuning import Told, fine_tuned
from training_worker.ground import ground_of
from training_worker.snapshot import snapshot_images, snapshot_pixels

CODES = ("benign", "early_pre_b", "pre_b", "pro_b")


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelReference:
    monkeypatch.setenv("HEMAQUEUE_DATA", str(tmp_path))
    return stored_bundle(tmp_path / "made")


def stored_bundle(folder: Path, *, network: str = "smearnet") -> ModelReference:
    """Return a small signed bundle of the store; it was written to `folder` first."""
    digest = small_bundle(
        folder,
        network=network,
        image_kind="field",
        training={"parameters": 1, "from_nothing": True},
    ).digest
    for path in folder.iterdir():
        storage.write(f"bundles/{digest}/{path.name}", path.read_bytes())
    signature = signing.sign(digest, salt=signing.Salt.BUNDLE)
    storage.write(f"bundles/{digest}/signature", signature.encode())
    return ModelReference(version="1", bundle_key=f"bundles/{digest}", digest=digest)


def origin(index: int) -> dict[str, Any]:
    """Return what a platform tells: of every other picture no patient is known."""
    if index % 2:
        return {"person": False, "source": "Hospital set"}
    return {"person": True, "source": "readers", "site": "Demo Laboratory", "stain": "Giemsa"}


def parcel(
    reference: ModelReference,
    *,
    per_class: int,
    labels: tuple[str, ...],
    snapshot: str = "one",
    placed: Callable[[int], tuple[int, int]] = lambda index: (index, -1),
    boxes: tuple[tuple[float, ...], ...] = (),
    **more: Any,
) -> Parcel:
    """Return an order for drawn pictures; `placed` gives the group and the fold of each.

    People drew `boxes` on every third.
    """
    images = [
        TrainingImage(
            image=write_sealed(f"images/{snapshot}/{label}{index}", png(draw(number, seed=index))),
            label=label,
            group=f"{snapshot} {label}{placed(index)[0]}",
            sha256=f"{snapshot}{number}{index}",
            origin=origin(index),
            fold=placed(index)[1],
            boxes=boxes if index % 3 == 0 else (),
        )
        for number, label in enumerate(labels)
        for index in range(per_class)
    ]
    text = json.dumps([one.to_json() for one in images]).encode()
    asked = FineTuneModel(
        manifest=write_sealed(f"snapshots/{snapshot}", text),
        output_prefix="candidates",
        epochs=2,
        **more,
    )
    return Parcel(
        id="p",
        work=Work.FINE_TUNE_MODEL,
        tickets=(Ticket("job7", 1),),
        bodies=(asked.to_json(),),
        shared=reference.to_json(),
    )


def candidate_of(asked: Parcel) -> tuple[BundleFacts, str]:
    """Return the facts and the card of what a run makes."""
    (outcome,) = fine_tuned(asked, told=Told(lambda _: None))
    key = TrainedModel.from_json(outcome.body).bundle_key
    bundle = read_bundle(lambda name: storage.read(f"{key}/{name}"))
    return bundle.facts, storage.read(f"{key}/card.md").decode()


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
    assert b"| heatmaps alike under the mild stain shift, rank correlation |" in read("card.md")


def test_the_card_of_a_version_that_goes_on_says_from_which_and_on_what(
    reference: ModelReference,
) -> None:
    asked = parcel(reference, per_class=6, labels=CODES, base="smearnet-field-7")
    facts, card = candidate_of(asked)
    assert "| training | goes on from smearnet-field-7, 2 epochs" in card
    assert "What limits smearnet-field-7 limits this version, too." in card
    assert facts.dataset["parent"] == facts.dataset["judged_beside"] == reference.digest
    assert "from_nothing" not in facts.training, "its parent began with nothing, it did not"
    says_what_it_learned_from(facts, card)


def test_the_card_of_a_network_from_nothing_names_no_parent(reference: ModelReference) -> None:
    asked = parcel(
        reference, per_class=6, labels=CODES, network="smearnet", settings={"input_size": 32}
    )
    facts, card = candidate_of(asked)
    assert "| training | from scratch, 2 epochs" in card
    assert "small-1" not in card
    assert facts.dataset["judged_beside"] == reference.digest
    assert "parent" not in facts.dataset
    says_what_it_learned_from(facts, card)


def says_what_it_learned_from(facts: BundleFacts, card: str) -> None:
    learned, held_out = facts.dataset["learned"], facts.dataset["held_out"]
    assert [learned[code] + held_out[code] for code in CODES] == [6, 6, 6, 6]
    assert f"| Benign | {learned['benign']} | {held_out['benign']} |" in card
    assert "24 pictures in 24 groups of a snapshot" in card
    assert "- labels from: Hospital set (12), readers (12)" in card
    assert "- sites: Demo Laboratory (12)" in card
    assert "- stains: Giemsa (12)" in card
    assert "- split: field-disjoint (optimistic): no patient is known of 12 of 24 images" in card
    assert facts.metrics["split"].endswith("no patient is known of 12 of 24 images")
    assert not [words for words in ("Taleqani", "KAGGLE", "89 patients") if words in card]


def test_the_classical_segmentation_learns_from_its_measures(reference: ModelReference) -> None:
    settings = {"input_size": 48, "learning_rate": 0.1}
    asked = parcel(reference, per_class=6, labels=CODES, network="regions", settings=settings)
    (outcome,) = fine_tuned(asked, told=Told(lambda _: None))
    trained = TrainedModel.from_json(outcome.body)
    bundle = read_bundle(lambda name: storage.read(f"{trained.bundle_key}/{name}"))
    assert bundle.facts.network == "regions"
    fresh = build_network("regions", classes=4, input_size=48, seed=0).get_layer("logits")
    assert not np.allclose(bundle.weights["logits/kernel"], fresh.kernel.numpy(), atol=1e-2)


def test_boxes_that_people_drew_are_learned_from(reference: ModelReference) -> None:
    drawn = ((0.3, 0.4, 0.2, 0.1), (0.7, 0.7, 0.25, 0.25))
    asked = parcel(reference, per_class=6, labels=CODES, boxes=drawn, network="boxnet",
                   settings={"input_size": 32})  # fmt: skip
    facts, _ = candidate_of(asked)
    assert facts.training["boxes"] == {"labels": 8, "pseudo": 16}
    order = FineTuneModel.from_json(asked.bodies[0])
    images = snapshot_images(facts, order.manifest)
    pixels = snapshot_pixels(facts, images)
    taught = ground_of(load_stored_bundle(reference), order).taught(pixels, images).targets
    assert taught is not None
    assert taught[0, :2] == pytest.approx(np.array([(1, *one) for one in drawn]))
    assert not taught[0, 2:].any()
    assert np.array_equal(taught[1], pseudo_targets(pixels.pictures[1:2])[0])


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


def test_a_group_on_both_sides_of_the_split_is_refused(reference: ModelReference) -> None:
    """The platform parts whole groups; the worker looks for itself."""
    asked = parcel(reference, per_class=6, labels=CODES, placed=lambda n: (n // 2, n % 2))
    with pytest.raises(WorkFailed) as refused:
        fine_tuned(asked, told=Told(lambda _: None))
    assert refused.value.code == "split_overlap"


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
def test_what_nobody_went_on_with_is_removed_after_a_month(
    reference: ModelReference, days: int, kept: bool
) -> None:
    left = data_folder() / "checkpoints" / "given-up"
    left.mkdir(parents=True)
    (left / "best.safetensors").write_bytes(b"weights")
    os.utime(left, times=(time.time() - days * 24 * 3600,) * 2)
    with pytest.raises(WorkFailed):
        fine_tuned(parcel(reference, per_class=1, labels=CODES[:1]), told=Told(lambda _: None))
    assert left.exists() == kept


def test_the_task_is_registered_under_the_contracts_name() -> None:
    app.loader.import_default_modules()
    assert isinstance(app.tasks[Work.FINE_TUNE_MODEL], ReportingTask)
