"""From a snapshot of labels to a candidate bundle in the store: fine-tuned, or from nothing.

The candidate is not signed here: the platform signs what it registers, and nothing else is
ever loaded by a worker.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras

from inference_worker.bundle import (
    CARD,
    FACTS,
    WEIGHTS,
    Bundle,
    ModelIntegrity,
    load_stored_bundle,
)
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
from training_worker.calibration import calibrated
from training_worker.checkpoint import Checkpoint
from training_worker.finishing import finished, judged_bundle, training_facts
from training_worker.ground import Ground, dataset_facts, ground_of, teachers_of
from training_worker.judging import Judgement, frozen_figures
from training_worker.learning import Learned, learn
from training_worker.learning_curve import learning_curve
from training_worker.optimiser import balanced_weights
from training_worker.samples import Pixels
from training_worker.snapshot import parted, snapshot_images, snapshot_pixels

CHECKPOINT_SECONDS = 30 * 24 * 3600

Progress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Told:
    """What a run says while it goes on, and what tells it to stop."""

    progress: Progress
    stop: Callable[[], None] = lambda: None

    def stage(self, name: str) -> None:
        self.stop()
        self.progress({"stage": name})

    def epoch(self, history: list[dict[str, float]], *, of: int) -> None:
        """Tell of the last epoch, with the curve of all: also of those before a restart."""
        told = {"stage": "learning", "of": of, "curve": learning_curve(history)}
        self.progress(history[-1] | told)


def fine_tuned(parcel: Parcel, *, told: Told) -> list[Outcome]:
    """Train once for each job of the parcel (the dispatcher sends one at a time)."""
    try:
        base = load_stored_bundle(ModelReference.from_json(parcel.shared))
    except ModelIntegrity as error:
        raise WorkFailed(error.code, f"The model was refused: {error}") from error
    return [
        _outcome(base, FineTuneModel.from_json(body), ticket, told)
        for ticket, body in zip(parcel.tickets, parcel.bodies, strict=True)
    ]


def _outcome(base: Bundle, asked: FineTuneModel, ticket: Ticket, told: Told) -> Outcome:
    place = data_folder() / "checkpoints" / ticket.job
    _forget_old(place.parent)
    try:
        key = f"{asked.output_prefix}/{ticket.job}-{ticket.attempt}"
        trained = _trained(base, asked, place=place, key=key, told=told)
    except WorkFailed:
        shutil.rmtree(place, ignore_errors=True)  # the same again would fail again
        raise
    shutil.rmtree(place, ignore_errors=True)
    return Outcome(job=ticket.job, attempt=ticket.attempt, ok=True, body=trained.to_json())


def _forget_old(places: Path) -> None:
    """Remove what runs left that nobody went on with: each holds a network and its optimiser."""
    for place in places.glob("*"):
        if place.stat().st_mtime < time.time() - CHECKPOINT_SECONDS:
            shutil.rmtree(place, ignore_errors=True)


def _trained(
    base: Bundle, asked: FineTuneModel, *, place: Path, key: str, told: Told
) -> TrainedModel:
    told.stage("reading")
    keras.utils.set_random_seed(asked.seed)
    ground = ground_of(base, asked)
    images = snapshot_images(ground.facts, asked.manifest)
    pixels = ground.taught(snapshot_pixels(ground.facts, images), images)
    lessons, checks = parted(
        pixels,
        folds=[one.fold for one in images],
        codes=ground.facts.codes,
        seed=asked.seed,
    )
    learned = _learned(ground, lessons, checks, place=place, told=told)
    told.stage("judging")
    judgement = Judgement(base, checks, images, frozen_figures(base, asked.frozen, taught=images))
    return _stored(base, ground, images, lessons, learned, judgement=judgement, key=key)


def _learned(
    ground: Ground, lessons: Pixels, checks: Pixels, *, place: Path, told: Told
) -> Learned:
    settings, codes = ground.settings, ground.facts.codes
    return learn(
        ground.model(),
        lessons=lessons,
        checks=checks,
        class_weights=balanced_weights(lessons.labels, codes=codes, extra=settings.class_weights),
        settings=settings,
        checkpoint=Checkpoint(place),
        resume=True,
        tell_all=lambda history: told.epoch(history, of=settings.epochs),
        stop=told.stop,
    )


def _stored(
    base: Bundle,
    ground: Ground,
    images: Sequence[TrainingImage],
    lessons: Pixels,
    learned: Learned,
    *,
    judgement: Judgement,
    key: str,
) -> TrainedModel:
    model = finished(
        learned,
        lessons,
        network=ground.facts.network,
        parameters=ground.facts.parameters,
        seed=ground.settings.seed,
    )
    calibration = calibrated(
        model, lessons=lessons, checks=judgement.checks, classes=ground.facts.classes
    )
    facts = replace(
        ground.facts,
        dataset=dataset_facts(
            ground, base, images, sides={"learned": lessons, "held_out": judgement.checks}
        ),
        training=ground.facts.training
        | training_facts(ground.settings, learned)
        | {"parameters": model.count_params()}
        | teachers_of(ground.facts.network, images),
    )
    with tempfile.TemporaryDirectory() as folder:
        bundle = judged_bundle(
            Path(folder), facts, model=model, calibration=calibration, judge=judgement.figures
        )
        for name in (FACTS, WEIGHTS, CARD):
            storage.write(f"{key}/{name}", (Path(folder) / name).read_bytes())
    return TrainedModel(bundle_key=key, digest=bundle.digest, metrics=bundle.facts.metrics)
