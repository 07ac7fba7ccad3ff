"""Which pictures there are to learn from: a folder per class, or `train/` and `val/` of such."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_worker.classes import FOUR_CLASSES, SmearClass, UnknownClass, class_code
from inference_worker.preprocessing import Picture, preprocess
from jobcontract.imaging import canonical_picture

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


class NoPictures(ValueError):
    """The folder has no picture below a folder that is named for a class."""


@dataclass(frozen=True)
class Sample:
    """One labelled picture. Pictures of one `group` show parts of the same field."""

    path: Path
    label: str
    group: str = ""


@dataclass(frozen=True)
class Pixels:
    """Samples as the network sees them: `pictures` of shape `(n, size, size, 3)`, uint8."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    targets: NDArray[Any] | None = None  # boxes or outlines, one entry for each picture

    def part(self, chosen: NDArray[np.int64]) -> Pixels:
        targets = None if self.targets is None else self.targets[chosen]
        return Pixels(self.pictures[chosen], self.labels[chosen], self.groups[chosen], targets)

    def with_targets(self, targets: NDArray[Any]) -> Pixels:
        return replace(self, targets=targets)

    def __len__(self) -> int:
        return len(self.labels)


def folder_samples(folder: Path, *, classes: tuple[SmearClass, ...] = FOUR_CLASSES) -> list[Sample]:
    """Return the labelled pictures of a folder per class, sorted by path.

    Raises:
        NoPictures: there are none.
    """
    found: list[Sample] = []
    for below in sorted(path for path in folder.iterdir() if path.is_dir()):
        try:
            code = class_code(below.name, classes=classes)
        except UnknownClass:
            continue
        files = sorted(path for path in below.rglob("*") if path.suffix.lower() in SUFFIXES)
        found += [Sample(path, code) for path in files]
    if not found:
        raise NoPictures(f"Folders that are named for classes were expected in {folder}")
    return found


def split_folders(folder: Path) -> tuple[Path | None, Path]:
    """Return the train part, where there is one, and the part to score."""
    if (folder / "train").is_dir() and (folder / "val").is_dir():
        return folder / "train", folder / "val"
    return None, folder


def read_picture(sample: Sample) -> Picture:
    """Return the canonical picture of one sample: what the serving path decodes, too."""
    return canonical_picture(sample.path.read_bytes())


def read_pixels(
    samples: Sequence[Sample], *, codes: Sequence[str], steps: str, size: int
) -> Pixels:
    """Decode and preprocess everything once; 2,000 pictures of 160 pixels are 154 MB."""
    pictures = np.empty((len(samples), size, size, 3), np.uint8)
    for index, sample in enumerate(samples):
        pictures[index] = preprocess(read_picture(sample), steps=steps, size=size)
    labels = np.array([codes.index(sample.label) for sample in samples], np.int64)
    return Pixels(pictures, labels, np.array([sample.group for sample in samples]))


def class_counts(pixels: Pixels, codes: Sequence[str]) -> dict[str, int]:
    return {code: int(np.sum(pixels.labels == index)) for index, code in enumerate(codes)}


def samples_digest(samples: Sequence[Sample]) -> str:
    """Return the fingerprint of files and their labels; see `labels_digest`."""
    return labels_digest(
        (hashlib.sha256(sample.path.read_bytes()).hexdigest(), sample.label) for sample in samples
    )


def labels_digest(labelled: Iterable[tuple[str, str]]) -> str:
    """Return a fingerprint of (SHA-256, label) pairs that does not depend on their order."""
    lines = sorted(f"{sha256} {label}" for sha256, label in labelled)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
