"""What is to be trained on what, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from inference_worker.classes import SmearClass
from inference_worker.networks import build_network
from training_worker.groups import with_groups
from training_worker.recipes import classes_of
from training_worker.samples import Pixels, Sample, folder_samples, read_pixels, split_folders
from training_worker.settings import TrainingSettings


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

    @property
    def classes(self) -> tuple[SmearClass, ...]:
        return classes_of(self.network, image_kind=self.image_kind)

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.classes]

    @property
    def given_parameters(self) -> dict[str, Any]:
        return {"seed": self.settings.seed} | self.parameters

    def samples(self) -> list[Sample]:
        """Return the pictures to learn from; a `val/` beside `train/` is never read."""
        train, everything = split_folders(self.data)
        return with_groups(folder_samples(train or everything, classes=self.classes))

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
