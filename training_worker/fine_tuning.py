"""From a serving bundle and signed labels to a candidate bundle in the store.

The candidate is not signed here: the platform signs what it registers, and nothing else is
ever loaded by a worker.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from inference_worker.bundle import (
    CARD,
    FACTS,
    WEIGHTS,
    Bundle,
    BundleFacts,
    ModelIntegrity,
    load_stored_bundle,
)
from inference_worker.engine import Engine
from inference_worker.reading import read_input
from inference_worker.rebuild import rebuild
from jobcontract import storage
from jobcontract.environment import data_folder
from jobcontract.messages import (
    FineTuneModel,
    ModelReference,
    Outcome,
    Parcel,
    Ticket,
    TrainedModel,
    TrainingImage,
)
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import read_shared
from training_worker.answering import answers_for_inputs
from training_worker.calibration import calibrated
from training_worker.checkpoint import Checkpoint
from training_worker.evaluation import figures
from training_worker.finishing import as_stored, judged_bundle, training_facts
from training_worker.learning import Learned, Tell, learn
from training_worker.optimiser import balanced_weights
from training_worker.samples import Pixels, labels_digest
from training_worker.settings import TrainingSettings
from training_worker.splitting import TooFewGroups, held_out
from training_worker.versions import code_version

FOLDS = 5


def fine_tuned(parcel: Parcel, *, tell: Tell) -> list[Outcome]:
    """Fine-tune once for each job of the parcel (the dispatcher sends one at a time)."""
    try:
        base = load_stored_bundle(ModelReference.from_json(parcel.shared))
    except ModelIntegrity as error:
        raise WorkFailed(error.code, f"The model was refused: {error}") from error
    return [
        _outcome(base, FineTuneModel.from_json(body), ticket, tell)
        for ticket, body in zip(parcel.tickets, parcel.bodies, strict=True)
    ]


def _outcome(base: Bundle, asked: FineTuneModel, ticket: Ticket, tell: Tell) -> Outcome:
    images = snapshot_images(base.facts, asked)
    pixels = snapshot_pixels(base.facts, images)
    lessons, checks = parted(pixels, codes=base.facts.codes, seed=asked.seed)
    settings = TrainingSettings(
        epochs=asked.epochs, batch_size=16, learning_rate=2e-4, warm_up=0.1, seed=asked.seed
    )
    place = data_folder() / "checkpoints" / ticket.job
    learned = _learned(base, lessons, checks, settings, place=place, tell=tell)
    key = f"{asked.output_prefix}/{ticket.job}-{ticket.attempt}"
    facts = candidate_facts(base, images, learned, settings)
    trained = _stored_candidate(base, facts, lessons, checks, learned, key=key)
    shutil.rmtree(place, ignore_errors=True)
    return Outcome(job=ticket.job, attempt=ticket.attempt, ok=True, body=trained.to_json())


def snapshot_images(facts: BundleFacts, asked: FineTuneModel) -> list[TrainingImage]:
    """Return the signed labels of the snapshot.

    Raises:
        WorkFailed: there are none, or a label is not one of the network's classes.
    """
    images = [TrainingImage.from_json(one) for one in json.loads(read_shared(asked.manifest))]
    if not images:
        raise WorkFailed("too_few_images", "The snapshot is empty.")
    if foreign := {one.label for one in images} - set(facts.codes):
        raise WorkFailed("unknown_class", f"Not the model's classes: {', '.join(sorted(foreign))}")
    return images


def snapshot_pixels(facts: BundleFacts, images: Sequence[TrainingImage]) -> Pixels:
    """Return the snapshot's pictures as the network sees them; raise WorkFailed for a bad one."""
    return Pixels(
        np.stack([read_input(facts, one.image, read=read_shared) for one in images]),
        np.array([facts.codes.index(one.label) for one in images], np.int64),
        np.array([one.group for one in images]),
    )


def parted(pixels: Pixels, *, codes: Sequence[str], seed: int) -> tuple[Pixels, Pixels]:
    """Return (lessons, checks), parted by group.

    Raises:
        WorkFailed: a class of the network is missing, or has too few groups.
    """
    if len(set(pixels.labels)) < len(codes):
        raise WorkFailed("too_few_images", "The snapshot lacks a class of the model.")
    try:
        learn_from, check = held_out(pixels, folds=FOLDS, seed=seed)
    except TooFewGroups as error:
        raise WorkFailed("too_few_images", str(error)) from error
    return pixels.part(learn_from), pixels.part(check)


def _learned(
    base: Bundle,
    lessons: Pixels,
    checks: Pixels,
    settings: TrainingSettings,
    *,
    place: Path,
    tell: Tell,
) -> Learned:
    weights = balanced_weights(lessons.labels, codes=base.facts.codes, extra={})
    return learn(
        rebuild(base),
        lessons=lessons,
        checks=checks,
        class_weights=weights,
        settings=settings,
        checkpoint=Checkpoint(place),
        resume=True,
        tell=tell,
    )


def candidate_facts(
    base: Bundle,
    images: Sequence[TrainingImage],
    learned: Learned,
    settings: TrainingSettings,
) -> BundleFacts:
    """Return the base's facts with what is new; calibration and figures follow."""
    return replace(
        base.facts,
        name=f"{base.facts.name}-candidate",
        dataset={
            "digest": labels_digest((one.sha256, one.label) for one in images),
            "images": len(images),
            "groups": len({one.group for one in images}),
            "parent": base.digest,
        },
        training=base.facts.training | training_facts(settings, learned),
        code_version=code_version(),
    )


def _stored_candidate(
    base: Bundle,
    facts: BundleFacts,
    lessons: Pixels,
    checks: Pixels,
    learned: Learned,
    *,
    key: str,
) -> TrainedModel:
    model = rebuild(base)
    model.set_weights([as_stored(weight) for weight in learned.weights])
    calibration = calibrated(model, lessons=lessons, checks=checks, classes=facts.classes)

    def judge(engine: Engine) -> dict[str, object]:
        before = _figures(Engine(base), checks)
        return _figures(engine, checks) | {
            "split": "groups held out of the snapshot; they chose weights and thresholds",
            "serving": {name: before[name] for name in ("accuracy", "macro_recall", "binary")},
        }

    with tempfile.TemporaryDirectory() as folder:
        bundle = judged_bundle(
            Path(folder), facts, model=model, calibration=calibration, judge=judge
        )
        for name in (FACTS, WEIGHTS, CARD):
            storage.write(f"{key}/{name}", (Path(folder) / name).read_bytes())
    return TrainedModel(bundle_key=key, digest=bundle.digest, metrics=bundle.facts.metrics)


def _figures(engine: Engine, checks: Pixels) -> dict[str, object]:
    answers = answers_for_inputs(engine, checks.pictures)
    return figures(engine, answers, labels=checks.labels, groups=list(checks.groups))
