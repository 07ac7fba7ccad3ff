"""Which labels may teach: the newest confirmed one of each image, if it still stands.

Only `ConfirmedLabel` is read: what a model said, and what a technician wrote, never enters.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from hemaqueue.reviews.models import ConfirmedLabel, Decision, Origin
from hemaqueue.reviews.reading import disputed
from hemaqueue.reviews.selectors import decisions_counting
from jobcontract import storage


@dataclass(frozen=True)
class Lesson:
    """One image with its confirmed label. `group` hides the pseudonym it was made from."""

    image: UUID
    key: str
    sha256: str
    confirmed: int
    label: str
    group: str


class Exclusion(NamedTuple):
    image: UUID
    reason: str


@dataclass(frozen=True)
class Material:
    lessons: list[Lesson]
    exclusions: list[Exclusion]


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


FIELDS = (
    "pk", "image_id", "label", "origin", "decision_id", "withdrawn_at", "image__key",
    "image__sha256", "image__withdrawn_at", "image__case_id", "image__case__patient",
)  # fmt: skip


def material(kind: str, *, classes: Collection[str]) -> Material:
    """Return what may be learned from for images of `kind`, and what was left out and why."""
    labels = ConfirmedLabel.objects.filter(image__kind=kind).order_by("image", "-at", "-pk")
    rows = list(labels.distinct("image").values(*FIELDS))
    read = Readings.of(kind, images=[row["image_id"] for row in rows])
    lessons: list[Lesson] = []
    exclusions: list[Exclusion] = []
    for row in rows:
        lesson = _lesson(row)
        if reason := _objection(row, read=read, classes=classes):
            exclusions.append(Exclusion(lesson.image, reason))
        else:
            lessons.append(lesson)
    kept, repeated = _once_each(lessons)
    return Material(kept, exclusions + repeated)


def _lesson(row: dict[str, Any]) -> Lesson:
    return Lesson(
        image=row["image_id"],
        key=row["image__key"],
        sha256=row["image__sha256"],
        confirmed=row["pk"],
        label=row["label"],
        group=group_of(patient=row["image__case__patient"], case=row["image__case_id"]),
    )


def group_of(*, patient: str, case: UUID) -> str:
    """Return what must stay on one side of a split: the patient, else the case.

    The same pseudonym at two sites counts as one patient: that can only be too careful.
    """
    name = patient.strip().casefold()
    text = f"patient {name}" if name else f"case {case}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


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


def _once_each(lessons: Iterable[Lesson]) -> tuple[list[Lesson], list[Exclusion]]:
    """Keep each picture once. Copies at two sites that disagree are both left out."""
    copies: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        copies[lesson.sha256].append(lesson)
    kept: list[Lesson] = []
    left: list[Exclusion] = []
    for same in copies.values():
        same.sort(key=lambda lesson: lesson.confirmed)
        agreed = len({lesson.label for lesson in same}) == 1
        kept += same[-1:] if agreed else []
        reason = "duplicate" if agreed else "contradicted"
        left += [Exclusion(one.image, reason) for one in (same[:-1] if agreed else same)]
    return kept, left


def manifest_digest(lessons: Sequence[Lesson]) -> str:
    """Return the SHA-256 of the manifest: one JSON line per image, in the images' order."""
    lines = [
        json.dumps([str(one.image), one.sha256, one.label, one.group])
        for one in sorted(lessons, key=lambda one: one.image)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
