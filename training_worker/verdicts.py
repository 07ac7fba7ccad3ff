"""What a bundle said of pictures whose truth is known: the rows that every figure is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_worker.bundle import BundleFacts
from training_worker.metrics import Labels, Scores, macro_recall, roll_up

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Verdicts:
    """One row for each picture: true and named class, scores `(n, classes)`, roll-up."""

    labels: Labels
    scores: Scores
    malignant: NDArray[np.bool_]
    malignant_scores: Scores
    called: NDArray[np.bool_]

    @classmethod
    def of(cls, facts: BundleFacts, scores: NDArray[np.floating], labels: Labels) -> Verdicts:
        classes = np.array([one.malignant for one in facts.classes])
        wide = scores.astype(np.float64)
        share = wide[:, classes].sum(1)
        return cls(labels, wide, classes[labels], share, share >= facts.thresholds.decision)

    @property
    def named(self) -> Labels:
        return self.scores.argmax(1)

    @property
    def right(self) -> NDArray[np.bool_]:
        return self.named == self.labels

    def part(self, chosen: Indices) -> Verdicts:
        return Verdicts(
            self.labels[chosen],
            self.scores[chosen],
            self.malignant[chosen],
            self.malignant_scores[chosen],
            self.called[chosen],
        )

    def brief(self) -> dict[str, Any]:
        """Return the few figures that a part of a set is compared by."""
        rolled = roll_up(self.malignant, self.called)
        return {
            "n": len(self.labels),
            "accuracy": float(self.right.mean()),
            "macro_recall": macro_recall(self.labels, self.named),
            "sensitivity": rolled["sensitivity"],
            "specificity": rolled["specificity"],
        }
