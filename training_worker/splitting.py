"""Splits that keep groups whole and classes in proportion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from training_worker.samples import Pixels

Indices = NDArray[np.int64]


def held_out(pixels: Pixels, *, folds: int, seed: int) -> tuple[Indices, Indices]:
    """Return (learn, check): one of `folds` stratified folds of whole groups is held out."""
    return folds_of(pixels, folds=folds, seed=seed)[0]


def folds_of(pixels: Pixels, *, folds: int, seed: int) -> list[tuple[Indices, Indices]]:
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(pixels)), pixels.labels, pixels.groups))
