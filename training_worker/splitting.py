"""Splits that keep groups whole and classes in proportion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from training_worker.samples import Pixels

Indices = NDArray[np.int64]


LEAST_GROUPS = 2

FEW_GROUPS = 2
"""With so few people of a class, holding one out leaves next to nobody to learn from."""


class TooFewGroups(ValueError):
    """A class has too few groups to be learned from and checked on."""


def held_out(
    pixels: Pixels, *, folds: int, seed: int, few: bool = False
) -> tuple[Indices, Indices]:
    """Return (learn, check): one of `folds` stratified folds of whole groups is held out.

    Where a class has fewer groups than folds, there are as many folds as it has groups.

    Args:
        pixels: The pictures with their groups.
        folds: How many folds are made.
        seed: Of the shuffle.
        few: A class may consist of one or two groups, of which single pictures are then held out:
            what is chosen by them is chosen on people that were learned from.

    Raises:
        TooFewGroups: a class that occurs has fewer than LEAST_GROUPS groups.
    """
    if few:
        pixels = replace(pixels, groups=_parted_where_few(pixels))
    fewest = require_groups(pixels.labels, pixels.groups, least=LEAST_GROUPS)
    return folds_of(pixels.labels, pixels.groups, folds=min(folds, fewest), seed=seed)[0]


def _parted_where_few(pixels: Pixels) -> NDArray[np.str_]:
    """Return the groups; where a class has FEW_GROUPS or less, each picture is one of its own."""
    groups = pixels.groups.astype(object)
    for one in np.unique(pixels.labels):
        own = np.flatnonzero(pixels.labels == one)
        if len(set(groups[own])) <= FEW_GROUPS:
            groups[own] = [f"{groups[index]} picture {index}" for index in own]
    return groups.astype(str)


def require_groups(labels: Indices, groups: NDArray[np.str_], *, least: int) -> int:
    """Return how many groups the class with the fewest has.

    Raises:
        TooFewGroups: they are fewer than `least`.
    """
    fewest = min(len(set(groups[labels == one])) for one in set(labels))
    if fewest < least:
        raise TooFewGroups(f"Each class needs {least} groups or more. Received: {fewest}")
    return fewest


def folds_of(
    labels: Indices, groups: NDArray[np.str_], *, folds: int, seed: int
) -> list[tuple[Indices, Indices]]:
    """Return (learn, check) of stratified folds that part no group."""
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(labels)), labels, groups))
