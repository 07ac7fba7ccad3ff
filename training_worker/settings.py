"""How a network is trained; every number of a run stands in its bundle."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from training_worker.augmentation import Recipe


@dataclass(frozen=True)
class TrainingSettings:
    """Optimiser, schedule and weights of the classes.

    With `minutes`, the schedule ends at the end of the epochs or of the time, whichever
    comes first; such a run depends on the machine's speed. `clock` says which minutes: those on the
    wall, or those of this process's CPU. With `patience`, a run ends after so many epochs without a
    better check; the rate still falls as if all `epochs` came.
    """

    epochs: int = 120
    minutes: float = 0.0
    clock: str = "wall"
    patience: int = 0  # never
    batch_size: int = 32
    learning_rate: float = 2e-3
    final_rate: float = 0.01  # share of the learning rate that is left at the end
    warm_up: float = 0.03  # share of the schedule
    frozen: float = 0.0  # share of the schedule in which the head alone learns
    weight_decay: float = 0.05
    label_smoothing: float = 0.05
    average_decay: float = 0.998  # of the moving average of the weights
    class_weights: dict[str, float] = field(default_factory=dict)  # on top of balance
    folds: int = 8  # one of them is held out to choose weights and thresholds
    seed: int = 0
    recipe: Recipe = field(default_factory=Recipe)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
