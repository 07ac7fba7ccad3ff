"""A snapshot as the platform sealed it: labelled pictures, already parted into folds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import numpy as np

from inference_worker.bundle import BundleFacts
from inference_worker.classes import UnknownClass, class_code
from inference_worker.reading import read_input
from jobcontract.messages import SealedFile, TrainingImage
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import read_shared
from training_worker.samples import Pixels
from training_worker.splitting import Indices, TooFewGroups, held_out

FOLDS = 5
HELD_OUT = 0
"""The platform's fold that is never learned from."""


def snapshot_images(facts: BundleFacts, manifest: SealedFile) -> list[TrainingImage]:
    """Return the labelled pictures of a sealed manifest.

    Raises:
        WorkFailed: there are none, or a label is not one of the network's classes.
    """
    images = [TrainingImage.from_json(one) for one in json.loads(read_shared(manifest))]
    if not images:
        raise WorkFailed("too_few_images", "The snapshot is empty.")
    foreign = {one.label for one in images if label_index(facts, one.label) < 0}
    if foreign:
        raise WorkFailed("unknown_class", f"Not the model's classes: {', '.join(sorted(foreign))}")
    return images


def label_index(facts: BundleFacts, label: str) -> int:
    """Return the place of a label among the network's classes, by its code or its other names."""
    try:
        return facts.codes.index(class_code(label, classes=facts.classes))
    except UnknownClass:
        return -1


def snapshot_pixels(facts: BundleFacts, images: Sequence[TrainingImage]) -> Pixels:
    """Return the snapshot's pictures as the network sees them; raise WorkFailed for a bad one."""
    return Pixels(
        np.stack([read_input(facts, one.image, read=read_shared) for one in images]),
        np.array([label_index(facts, one.label) for one in images], np.int64),
        np.array([one.group for one in images]),
    )


def parted(
    pixels: Pixels, *, folds: Sequence[int], codes: Sequence[str], seed: int
) -> tuple[Pixels, Pixels]:
    """Return (lessons, checks), parted by the snapshot's folds, else by group.

    Raises:
        WorkFailed: `too_few_images` where a class is missing on a side, or `split_overlap` where
            a group is on both.
    """
    everywhere = set(range(len(codes)))
    if set(pixels.labels) != everywhere:
        raise WorkFailed("too_few_images", "The snapshot lacks a class of the model.")
    learn_from, check = sides(pixels, folds=folds, seed=seed)
    lessons, checks = pixels.part(learn_from), pixels.part(check)
    if set(lessons.groups) & set(checks.groups):
        raise WorkFailed("split_overlap", "A patient or a field lies on both sides of the split.")
    if set(lessons.labels) != everywhere or set(checks.labels) != everywhere:
        raise WorkFailed("too_few_images", "A class is missing on one side of the split.")
    return lessons, checks


def sides(pixels: Pixels, *, folds: Sequence[int], seed: int) -> tuple[Indices, Indices]:
    """Return (learn from, check on) as indices; raise WorkFailed for too few groups."""
    if Counter(folds)[HELD_OUT]:
        away = np.array(folds) == HELD_OUT
        return np.flatnonzero(~away), np.flatnonzero(away)
    try:
        return held_out(pixels, folds=FOLDS, seed=seed)
    except TooFewGroups as error:
        raise WorkFailed("too_few_images", str(error)) from error
