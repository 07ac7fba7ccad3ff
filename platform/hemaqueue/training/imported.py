"""Labels that came with data sets from outside."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from hemaqueue.training.contradictions import labels_otherwise
from hemaqueue.training.lessons import Exclusion, Lesson
from hemaqueue.training.models import DatasetImage
from jobcontract import storage
from jobcontract.grouping import group_of

FIELDS = (
    "pk", "dataset_id", "label", "subject", "given_group", "sha256", "perceptual_hash", "key",
    "withdrawn_at",
)  # fmt: skip


def imported_lessons(
    kind: str, *, classes: Collection[str], datasets: Collection[UUID] | None
) -> tuple[list[Lesson], list[Exclusion]]:
    """Return the pictures of data sets whose label teaches, and the others with the reason."""
    found = DatasetImage.objects.filter(dataset__kind=kind, dataset__ended_at__isnull=False)
    if datasets is not None:
        found = found.filter(dataset__in=datasets)
    otherwise = labels_otherwise(kind, datasets=datasets)
    lessons: list[Lesson] = []
    exclusions: list[Exclusion] = []
    for row in found.order_by("pk").values(*FIELDS):
        if reason := _objection(row, classes=classes):
            exclusions.append(Exclusion(row["pk"], reason))
        else:
            lessons.append(_lesson(row, otherwise=otherwise[row["pk"]]))
    return lessons, exclusions


def _lesson(row: dict[str, Any], *, otherwise: set[str]) -> Lesson:
    return Lesson(
        key=row["key"],
        sha256=row["sha256"],
        label=row["label"],
        own=own_group(row),
        look=row["perceptual_hash"],
        imported=row["pk"],
        otherwise=frozenset(otherwise),
    )


def own_group(row: dict[str, Any]) -> str:
    """Return the group that a data set itself names: subject, else its own group, else nothing."""
    given, sha256 = row["given_group"], row["sha256"]
    apart = f"{row['dataset_id']} {given}" if given else f"picture {sha256}"
    return group_of(patient=row["subject"], case=apart)


def _objection(row: dict[str, Any], *, classes: Collection[str]) -> str:
    """Return why a picture does not teach, or nothing."""
    checks = (
        (row["withdrawn_at"] is not None, "image_withdrawn"),
        (row["label"] not in classes, "class_unknown"),
        (not storage.exists(row["key"]), "file_missing"),
    )
    return next((reason for holds, reason in checks if holds), "")
