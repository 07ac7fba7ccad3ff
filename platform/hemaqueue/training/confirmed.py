"""Labels of readers: the newest confirmed one of each image, if it still stands.

Only `ConfirmedLabel` is read: what a model said, and what a technician wrote, never enters.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hemaqueue.reviews.models import ConfirmedLabel, Decision, Origin
from hemaqueue.reviews.reading import disputed
from hemaqueue.reviews.selectors import decisions_counting
from hemaqueue.training.lessons import Exclusion, Lesson
from jobcontract import storage
from jobcontract.grouping import group_of

FIELDS = (
    "pk", "image_id", "label", "origin", "decision_id", "withdrawn_at", "image__key",
    "image__sha256", "image__perceptual_hash", "image__withdrawn_at", "image__case_id",
    "image__case__patient",
)  # fmt: skip


@dataclass(frozen=True)
class Readings:
    """What counts about each image, by the decision's id, and where readers disagree."""

    counting: dict[UUID, tuple[int, str]]
    disputed: set[UUID]

    @classmethod
    def of(cls, kind: str, *, images: Collection[UUID]) -> Readings:
        found = decisions_counting(Decision.objects.filter(image__kind=kind))
        said = found.values_list("image_id", "pk", "label")
        return cls({image: (pk, label) for image, pk, label in said}, disputed(images))


def confirmed_lessons(
    kind: str, *, classes: Collection[str]
) -> tuple[list[Lesson], list[Exclusion]]:
    """Return the images of `kind` whose label teaches, and the others with the reason."""
    labels = ConfirmedLabel.objects.filter(image__kind=kind).order_by("image", "-at", "-pk")
    rows = list(labels.distinct("image").values(*FIELDS))
    read = Readings.of(kind, images=[row["image_id"] for row in rows])
    lessons: list[Lesson] = []
    exclusions: list[Exclusion] = []
    for row in rows:
        if reason := _objection(row, read=read, classes=classes):
            exclusions.append(Exclusion(row["image_id"], reason))
        else:
            lessons.append(_lesson(row))
    return lessons, exclusions


def _lesson(row: dict[str, Any]) -> Lesson:
    return Lesson(
        key=row["image__key"],
        sha256=row["image__sha256"],
        label=row["label"],
        own=group_of(patient=row["image__case__patient"], case=row["image__case_id"]),
        look=row["image__perceptual_hash"],
        image=row["image_id"],
        confirmed=row["pk"],
    )


def _objection(row: dict[str, Any], *, read: Readings, classes: Collection[str]) -> str:
    """Return why a label does not teach, or nothing."""
    image, said = row["image_id"], (row["decision_id"], row["label"])
    checks = (
        (row["image__withdrawn_at"] is not None, "image_withdrawn"),
        (row["withdrawn_at"] is not None, "label_withdrawn"),
        (row["origin"] == Origin.BULK, "confirmed_in_bulk"),
        (image in read.disputed, "readers_disagree"),
        (read.counting.get(image) != said, "decided_otherwise"),
        (row["label"] not in classes, "class_unknown"),
        (not storage.exists(row["image__key"]), "file_missing"),
    )
    return next((reason for holds, reason in checks if holds), "")
