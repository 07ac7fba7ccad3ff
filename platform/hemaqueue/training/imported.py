"""Labels that came with data sets from outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from hemaqueue.training.lessons import CONTRADICTED, Exclusion, Lesson
from hemaqueue.training.models import DatasetFault, DatasetImage
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
    otherwise = _labels_otherwise(kind, datasets=datasets)
    lessons: list[Lesson] = []
    exclusions: list[Exclusion] = []
    for row in found.order_by("pk").values(*FIELDS):
        if reason := _objection(row, classes=classes):
            exclusions.append(Exclusion(row["pk"], reason))
        else:
            lessons.append(_lesson(row, otherwise=otherwise[row["pk"]]))
    return lessons, exclusions


def _labels_otherwise(
    kind: str, *, datasets: Collection[UUID] | None
) -> defaultdict[UUID, set[str]]:
    """Return what else other files of these sets call each contradicted picture; None is all."""
    noted = DatasetFault.objects.filter(code=CONTRADICTED, dataset__kind=kind)
    if datasets is not None:
        noted = noted.filter(dataset__in=datasets)
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for picture, label in noted.exclude(twin=None).values_list("twin_id", "label"):
        found[picture].add(label)
    return found


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
