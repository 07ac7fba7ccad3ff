"""Splits that keep groups whole and classes in proportion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from training_worker.samples import Pixels

Indices = NDArray[np.int64]


LEAST_GROUPS = 2


class TooFewGroups(ValueError):
    """A class has too few groups to be learned from and checked on."""


def held_out(pixels: Pixels, *, folds: int, seed: int) -> tuple[Indices, Indices]:
    """Return (learn, check): one of `folds` stratified folds of whole groups is held out.

    Where a class has fewer groups than folds, there are as many folds as it has groups.

    Raises:
        TooFewGroups: a class that occurs has fewer than LEAST_GROUPS groups.
    """
    fewest = min(len(set(pixels.groups[pixels.labels == one])) for one in set(pixels.labels))
    if fewest < LEAST_GROUPS:
        raise TooFewGroups(f"Each class needs {LEAST_GROUPS} groups or more. Received: {fewest}")
    return folds_of(pixels, folds=min(folds, fewest), seed=seed)[0]


def folds_of(pixels: Pixels, *, folds: int, seed: int) -> list[tuple[Indices, Indices]]:
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(pixels)), pixels.labels, pixels.groups))
