"""The training loop: epochs of learning, each followed by a check on groups held out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss, recall_score

from training_worker.augmentation import recoloured
from training_worker.checkpoint import Checkpoint, Progress
from training_worker.feeding import ahead, batches
from training_worker.losses import targets_loss
from training_worker.optimiser import Optimiser
from training_worker.samples import Pixels
from training_worker.schedule import Schedule
from training_worker.settings import TrainingSettings

Tell = Callable[[dict[str, float]], None]
TellAll = Callable[[list[dict[str, float]]], None]


@dataclass(frozen=True)
class Learned:
    """The network with the best averaged weights of a run, and how it came to them."""

    model: keras.Model
    progress: Progress


def learn(
    model: keras.Model,
    *,
    lessons: Pixels,
    checks: Pixels,
    class_weights: NDArray[np.float64],
    settings: TrainingSettings,
    checkpoint: Checkpoint,
    resume: bool = False,
    tell: Tell = lambda _: None,
    tell_all: TellAll = lambda _: None,
    stop: Callable[[], None] = lambda: None,
) -> Learned:
    """Train `model` and leave it the best of its averaged weights, by the score on `checks`.

    Args:
        model: Network with the weights to start from.
        lessons: What it learns from, augmented anew every epoch.
        checks: Groups that are never learned from.
        class_weights: Weight of each class in the loss.
        settings: Optimiser, schedule, recipe, seed.
        checkpoint: Where the run's state is kept after every epoch.
        resume: Go on from the checkpoint, where there is one.
        tell: Called after every epoch with its numbers.
        tell_all: Called after every epoch with those of all so far, and once at a resumption.
        stop: Called with every batch; what it raises ends the run at its last epoch.
    """
    optimiser = Optimiser(model, class_weights=class_weights, settings=settings)
    progress = Progress()
    if resume and checkpoint.exists():
        progress, state = checkpoint.load()
        optimiser.restore(state)
        tell_all(progress.history)
    views = _views(checks)
    named = keras.Model(model.inputs, model.outputs[0])
    schedule = Schedule(progress, settings)
    while not schedule.is_done:
        schedule.begin_epoch()
        learned = _epoch(optimiser, lessons, schedule, stop=stop)
        score, facts = _check(model, named, optimiser, views, checks)
        schedule.end_epoch()
        if progress.note(score, facts | learned):
            checkpoint.save_best(optimiser.averaged_weights())
        checkpoint.save(progress, optimiser.state())
        tell(progress.history[-1])
        tell_all(progress.history)
    model.set_weights(checkpoint.load_best())
    return Learned(model, progress)


def _epoch(
    optimiser: Optimiser, lessons: Pixels, schedule: Schedule, *, stop: Callable[[], None]
) -> dict[str, float]:
    """Learn from every picture once, or until the time is up; return what came of it."""
    settings = schedule.settings
    source = batches(
        lessons,
        recipe=settings.recipe,
        batch_size=settings.batch_size,
        seed=settings.seed,
        epoch=schedule.progress.epoch,
    )
    count = max(len(lessons) // settings.batch_size, 1)
    said: list[tuple[float, float]] = []
    for batch in ahead(source):
        stop()
        share = schedule.share(part=len(said) / count)
        if said and share >= 1:
            break
        said.append(optimiser.learn(*batch, progress=share))
        schedule.after_step()
    loss, accuracy = np.mean(said, axis=0)
    return {"loss": float(loss), "accuracy": float(accuracy), "steps": float(len(said))}


def _views(checks: Pixels) -> dict[str, NDArray[np.uint8]]:
    """What is checked: the pictures as they are, and without their colour."""
    grey = np.stack([recoloured(picture, saturation=0.0) for picture in checks.pictures])
    return {"check": checks.pictures, "check_grey": grey}


def _check(
    model: keras.Model,
    named: keras.Model,
    optimiser: Optimiser,
    views: dict[str, NDArray[np.uint8]],
    checks: Pixels,
) -> tuple[tuple[float, float], dict[str, float]]:
    """Score the averaged weights: (mean macro recall over the views, minus their mean loss).

    What a network learns besides the class adds to that loss.
    """
    raw = model.get_weights()
    model.set_weights(optimiser.averaged_weights())
    labels = checks.labels
    facts: dict[str, float] = {}
    if checks.targets is not None:
        facts["check_targets_loss"] = targets_loss(model, checks.pictures, checks.targets)
    for name, pictures in views.items():
        scores = keras.ops.softmax(_logits(named, pictures)).numpy()
        classes = range(scores.shape[1])
        recall = recall_score(labels, scores.argmax(1), average="macro", zero_division=0.0)
        facts[f"{name}_loss"] = float(log_loss(labels, scores, labels=list(classes)))
        facts[f"{name}_macro_recall"] = float(recall)
        facts[f"{name}_accuracy"] = float(np.mean(labels == scores.argmax(1)))
    model.set_weights(raw)
    recall = np.mean([facts[f"{name}_macro_recall"] for name in views])
    loss = np.mean([facts[f"{name}_loss"] for name in views])
    return (round(float(recall), 4), -float(loss) - facts.get("check_targets_loss", 0.0)), facts


def _logits(model: keras.Model, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    return model.predict(pictures.astype(np.float32), batch_size=64, verbose=0)
