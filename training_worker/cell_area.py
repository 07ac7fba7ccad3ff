"""What a cell's size alone tells, and what a network knows beyond it.

Blasts are larger than healthy precursors: on single cells that were cut out on black, the area
tells most of them apart. A network that had learned no more would be worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_worker.preprocessing import Picture
from training_worker.metrics import Scores, auroc

BLACK = 12
"""Grey level up to which a pixel belongs to the black around a cut-out cell."""

ALIKE = 0.03
"""Cells are of equal size where their areas differ by no more than this share."""


def areas_of(pictures: Iterable[Picture]) -> NDArray[np.float64]:
    """Return the share of each picture that its cell covers."""
    return np.array([float(np.mean(picture.max(2) > BLACK)) for picture in pictures])


def area_figures(
    areas: NDArray[np.float64], scores: Scores, malignant: NDArray[np.bool_]
) -> dict[str, Any]:
    """Return how well area alone parts the classes, and the scores among cells of equal area.

    `beyond` is the share of pairs of one malignant and one benign cell of equal area in which the
    malignant one has the higher score (a tie counts half): one half says that a network knows the
    area and nothing else. None where there is no such pair.
    """
    ill, well = areas[malignant, None], areas[None, ~malignant]
    alike = np.abs(ill - well) <= ALIKE * np.maximum(ill, well)
    gap = scores[malignant, None] - scores[None, ~malignant]
    won = np.where(gap > 0, 1.0, np.where(gap == 0, 0.5, 0.0))
    return {
        "auroc": auroc(malignant, areas),
        "beyond": float(won[alike].mean()) if alike.any() else None,
        "pairs": int(alike.sum()),
        "alike": ALIKE,
    }
