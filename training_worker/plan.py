"""What is to be trained on what, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from inference_worker.classes import SmearClass
from inference_worker.networks import build_network
from training_worker.folds import Fold, labelled
from training_worker.recipes import classes_of
from training_worker.samples import Pixels, Sample, read_pixels
from training_worker.settings import TrainingSettings
from training_worker.splits import Parts, parts_of


@dataclass(frozen=True)
class Plan:
    """One run, as the command line or a test asks for it."""

    data: Path
    network: str = "smearnet"
    parameters: dict[str, Any] = field(default_factory=dict)
    input_size: int = 160
    image_kind: str = "field"
    preprocessing: str = "p1"
    pretrained: str = "none"
    settings: TrainingSettings = field(default_factory=TrainingSettings)
    left_out: Fold | None = None

    @property
    def classes(self) -> tuple[SmearClass, ...]:
        return classes_of(self.network, image_kind=self.image_kind)

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.classes]

    @property
    def given_parameters(self) -> dict[str, Any]:
        return {"seed": self.settings.seed} | self.parameters

    @property
    def _known(self) -> dict[str, Any]:
        """Return what groups and labels of the data depend on."""
        return {"classes": self.classes, "image_kind": self.image_kind}

    def samples(self) -> list[Sample]:
        """Return the pictures to learn from: without the fold left out, and without `val/`."""
        if self.left_out:
            return self.left_out.parts(self.data, **self._known).train
        return labelled(self.data, **self._known)

    def judged(self) -> Parts:
        """Return what the finished bundle is scored on: the fold left out, else `val/`."""
        if self.left_out:
            return self.left_out.parts(self.data, **self._known)
        return parts_of(self.data, **self._known)

    def pixels(self, samples: Sequence[Sample]) -> Pixels:
        return read_pixels(
            samples, codes=self.codes, steps=self.preprocessing, size=self.input_size
        )

    def model(self, **more: object) -> keras.Model:
        """Return the network with fresh weights; `more` goes to its builder."""
        return build_network(
            self.network,
            classes=len(self.codes),
            input_size=self.input_size,
            **self.given_parameters,
            **more,
        )
