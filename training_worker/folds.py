"""Folds of whole groups, each left out of one run and scored by it: the figures to choose by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference_worker.classes import FOUR_CLASSES, SmearClass
from training_worker.groups import with_groups
from training_worker.samples import Sample, folder_samples, split_folders
from training_worker.splits import Parts, kind_of
from training_worker.splitting import folds_of, require_groups


@dataclass(frozen=True)
class Fold:
    """One of `count` stratified folds of whole groups; `number` counts from 1.

    The seed of the split is fixed: runs of any seed and recipe are compared on the same folds.
    """

    number: int
    count: int
    pooled: bool = False

    def parts(
        self,
        data: Path,
        *,
        classes: tuple[SmearClass, ...] = FOUR_CLASSES,
        image_kind: str = "field",
    ) -> Parts:
        """Return this fold as what is scored, and the other folds as what is learned from."""
        samples = labelled(data, pooled=self.pooled, classes=classes, image_kind=image_kind)
        learn, score = parted(samples, count=self.count)[self.number - 1]
        train = [samples[index] for index in learn]
        scored = [samples[index] for index in score]
        return Parts(scored=scored, train=train, kind=kind_of(train, scored))


def labelled(
    data: Path,
    *,
    pooled: bool = False,
    classes: tuple[SmearClass, ...] = FOUR_CLASSES,
    image_kind: str = "field",
) -> list[Sample]:
    """Return the pictures to learn from with their groups.

    Args:
        data: A folder per class, or `train/` and `val/` of such.
        pooled: Take `val/` in as well; without it, `val/` is never read.
        classes: What the folders may be named for.
        image_kind: Single cells are not joined by their looks.
    """
    train, everything = split_folders(data)
    samples = folder_samples(train or everything, classes=classes)
    if train and pooled:
        samples += folder_samples(everything, classes=classes)
    return with_groups(samples, image_kind=image_kind)


def parted(samples: Sequence[Sample], *, count: int) -> list[tuple[list[int], list[int]]]:
    """Return (learn, score) of each of `count` folds, as indices of the samples.

    Raises:
        TooFewGroups: a class has fewer groups than there are folds.
    """
    names = np.array([sample.label for sample in samples])
    labels = np.unique(names, return_inverse=True)[1].astype(np.int64)
    groups = np.array([sample.group for sample in samples])
    require_groups(labels, groups, least=count)
    found = folds_of(labels, groups, folds=count, seed=0)
    return [(learn.tolist(), score.tolist()) for learn, score in found]
