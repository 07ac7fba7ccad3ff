"""One training run from a folder to a bundle: read, split, learn, calibrate, write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import keras

from inference_worker.classes import FOUR_CLASSES
from inference_worker.networks import build_network
from training_worker.checkpoint import Checkpoint
from training_worker.groups import with_groups
from training_worker.learning import Learned, Tell, learn
from training_worker.optimiser import balanced_weights
from training_worker.samples import Pixels, Sample, folder_samples, read_pixels, split_folders
from training_worker.settings import TrainingSettings
from training_worker.splitting import held_out


@dataclass(frozen=True)
class Plan:
    """What is trained on what, and how."""

    data: Path
    network: str = "smearnet"
    parameters: dict[str, Any] = field(default_factory=dict)
    input_size: int = 160
    image_kind: str = "field"
    preprocessing: str = "p1"
    settings: TrainingSettings = field(default_factory=TrainingSettings)

    @property
    def codes(self) -> list[str]:
        return [one.code for one in FOUR_CLASSES]

    def samples(self) -> list[Sample]:
        """Return the pictures to learn from; a `val/` beside `train/` is never read."""
        train, everything = split_folders(self.data)
        return with_groups(folder_samples(train or everything))

    def pixels(self, samples: Sequence[Sample]) -> Pixels:
        return read_pixels(
            samples, codes=self.codes, steps=self.preprocessing, size=self.input_size
        )

    def model(self) -> keras.Model:
        return build_network(
            self.network,
            classes=len(self.codes),
            input_size=self.input_size,
            **({"seed": self.settings.seed} | self.parameters),
        )


def train_bundle(
    plan: Plan, *, out: Path, resume: bool = False, tell: Tell = lambda _: None
) -> None:
    """Train as planned and write the bundle to the folder `out`.

    The checkpoint lies beside it, in `<out>.run`, so that `resume` can go on from there.
    """
    cv2.setNumThreads(1)
    keras.utils.set_random_seed(plan.settings.seed)
    samples = plan.samples()
    pixels = plan.pixels(samples)
    lessons, checks = (
        pixels.part(chosen)
        for chosen in held_out(pixels, folds=plan.settings.folds, seed=plan.settings.seed)
    )
    learned = _learn(plan, lessons, checks, out=out, resume=resume, tell=tell)
    from training_worker.finishing import write_bundle

    write_bundle(plan, samples, lessons, checks, learned, out=out)


def _learn(
    plan: Plan, lessons: Pixels, checks: Pixels, *, out: Path, resume: bool, tell: Tell
) -> Learned:
    weights = balanced_weights(lessons.labels, codes=plan.codes, extra=plan.settings.class_weights)
    return learn(
        plan.model(),
        lessons=lessons,
        checks=checks,
        class_weights=weights,
        settings=plan.settings,
        checkpoint=Checkpoint(out.with_name(f"{out.name}.run")),
        resume=resume,
        tell=tell,
    )
