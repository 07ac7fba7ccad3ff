"""One training run from a folder to a bundle: read, split, learn, calibrate, write."""

from __future__ import annotations

from pathlib import Path

import cv2
import keras

from training_worker.checkpoint import Checkpoint
from training_worker.finishing import write_bundle
from training_worker.learning import Learned, Tell, learn
from training_worker.optimiser import balanced_weights
from training_worker.plan import Plan
from training_worker.pretrained import started
from training_worker.samples import Pixels
from training_worker.splitting import held_out
from training_worker.targets import with_targets


def train_bundle(
    plan: Plan, *, out: Path, resume: bool = False, tell: Tell = lambda _: None
) -> None:
    """Train as planned and write the bundle to the folder `out`.

    The checkpoint lies beside it, in `<out>.run`, so that `resume` can go on from there.
    """
    cv2.setNumThreads(1)
    keras.utils.set_random_seed(plan.settings.seed)
    samples = plan.samples()
    pixels = with_targets(plan.network, samples, plan.pixels(samples))
    lessons, checks = (
        pixels.part(chosen)
        for chosen in held_out(
            pixels,
            folds=plan.settings.folds,
            seed=plan.settings.seed,
            few=plan.image_kind == "cell",
        )
    )
    learned = learned_as_planned(plan, lessons, checks, out=out, resume=resume, tell=tell)
    write_bundle(plan, samples, lessons, checks, learned, out=out)


def learned_as_planned(
    plan: Plan, lessons: Pixels, checks: Pixels, *, out: Path, resume: bool, tell: Tell
) -> Learned:
    """Learn from the lessons, checked on the checks; the checkpoint lies beside `out`."""
    weights = balanced_weights(lessons.labels, codes=plan.codes, extra=plan.settings.class_weights)
    return learn(
        started(plan),
        lessons=lessons,
        checks=checks,
        class_weights=weights,
        settings=plan.settings,
        checkpoint=Checkpoint.beside(out),
        resume=resume,
        tell=tell,
    )
