"""Pictures that overlap in the field belong together: a split may never part them.

Where all file names bear a subject, as those of C-NMC do, the subject is the group. Else groups
come from a `manifest.csv` near the pictures where there is one (columns sha256 and group; a picture
without a group is one of its own), else from their looks: equal pictures, and pictures whose small
grey versions correlate, are joined.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training_worker.samples import Sample, read_picture

SMALL = 16
ALIKE = 0.97
"""Correlation of two 16 by 16 grey versions from which pictures count as near-duplicates."""

SUBJECT_NAME = re.compile(r"UID_(?P<subject>\w+?)_\d+_\d+_(all|hem)", re.IGNORECASE)
"""A file of C-NMC: subject, field, cell, and whether the subject has ALL."""

SUBJECT = "subject "

LEVELS_UP = 3
"""How many folders above the pictures' folder a manifest is looked for."""


def with_groups(samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples with their groups: subjects, those of a manifest, or by their looks."""
    subjects = [SUBJECT_NAME.fullmatch(sample.path.stem) for sample in samples]
    if all(subjects):
        return [
            replace(sample, group=f"{SUBJECT}{found['subject']}")
            for sample, found in zip(samples, subjects, strict=True)
            if found
        ]
    known = manifest_rows(samples[0].path)
    if not known:
        return _by_looks(samples)
    digests = [sha256_of(sample.path) for sample in samples]
    return [
        replace(sample, group=known.get(digest, {}).get("group") or digest)
        for sample, digest in zip(samples, digests, strict=True)
    ]


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_rows(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of the manifest near a picture by SHA-256; {} where there is none."""
    for folder in list(path.parents)[: LEVELS_UP + 1]:
        manifest = folder / "manifest.csv"
        if manifest.is_file():
            with manifest.open(newline="") as file:
                return {row["sha256"]: row for row in csv.DictReader(file)}
    return {}


def _by_looks(samples: Sequence[Sample]) -> list[Sample]:
    looks = np.stack([_look(sample) for sample in samples])
    groups = joined(looks @ looks.T > ALIKE)
    return [
        replace(sample, group=f"g{group}") for sample, group in zip(samples, groups, strict=True)
    ]


def _look(sample: Sample) -> NDArray[np.float32]:
    grey = cv2.cvtColor(read_picture(sample), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SMALL, SMALL), interpolation=cv2.INTER_AREA).astype(np.float32)
    centred = (small - small.mean()).ravel()
    return centred / max(float(np.linalg.norm(centred)), 1e-6)


def joined(alike: NDArray[np.bool_]) -> list[int]:
    """Return the connected component of every row, named by its smallest member."""
    parent = list(range(len(alike)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for first, second in np.argwhere(np.triu(alike, 1)):
        low, high = sorted((root(int(first)), root(int(second))))
        parent[high] = low
    return [root(index) for index in range(len(alike))]
