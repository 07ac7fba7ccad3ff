"""The parts of a data folder and how they were parted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference_worker.classes import FOUR_CLASSES, SmearClass
from jobcontract.messages import TrainingImage
from jobcontract.splits import (
    BY_FIELD,
    BY_PERSON,
    FIELD_DISJOINT,
    IMAGE_LEVEL,
    PATIENT_DISJOINT,
    UNKNOWN,
)
from training_worker.groups import PATIENT, SUBJECT, with_groups
from training_worker.samples import Sample, folder_samples, split_folders


@dataclass(frozen=True)
class Parts:
    """What to score, what the network may have learned from, and how the two were parted."""

    scored: list[Sample]
    train: list[Sample]
    kind: str


def parts_of(
    data: Path, *, classes: tuple[SmearClass, ...] = FOUR_CLASSES, image_kind: str = "field"
) -> Parts:
    """Return the parts of a folder per class, or of `train/` and `val/` of such."""
    train, scored = split_folders(data)
    if train is None:
        alone = folder_samples(scored, classes=classes)
        return Parts(with_groups(alone, image_kind=image_kind), [], UNKNOWN)
    both = with_groups(
        [s for part in (train, scored) for s in folder_samples(part, classes=classes)],
        image_kind=image_kind,
    )
    taught = [sample for sample in both if sample.path.is_relative_to(train)]
    judged = [sample for sample in both if sample.path.is_relative_to(scored)]
    return Parts(judged, taught, kind_of(taught, judged))


def apart(images: Sequence[TrainingImage]) -> str:
    """Return how the groups of a snapshot's pictures are apart, "" where nobody told."""
    told = [one.origin.get("person") for one in images]
    if not told or None in told:
        return ""
    if not (unknown := told.count(False)):
        return BY_PERSON
    return BY_FIELD % (unknown, len(told))


def with_apart(caveat: str, images: Sequence[TrainingImage]) -> str:
    """Return a split's caveat with how the groups are apart, where that was told."""
    said = apart(images)
    return f"{caveat}; {said}" if said else caveat


def kind_of(train: Sequence[Sample], scored: Sequence[Sample]) -> str:
    """Return how two parts are parted, by the groups of their pictures."""
    taught, judged = ({sample.group for sample in part} for part in (train, scored))
    if taught & judged:
        return IMAGE_LEVEL
    known = all(group.startswith((SUBJECT, PATIENT)) for group in taught | judged)
    return PATIENT_DISJOINT if known else FIELD_DISJOINT
