"""Reading data sets: which there are, how far an import is, what it found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from hemaqueue.common.errors import Missing
from hemaqueue.jobs.states import JobState
from hemaqueue.training.models import Dataset, DatasetFault


@dataclass(frozen=True)
class DatasetCounts:
    """`groups` are what a split may not part, `near` the pictures that share one with another."""

    images: int
    classes: dict[str, int]
    subjects: int
    groups: int
    near: int
    faults: dict[str, int]


def dataset_list() -> QuerySet[Dataset]:
    """Return the data sets, newest first, without those that were thrown away."""
    kept = Dataset.objects.filter(discarded_at=None)
    return kept.select_related("made_by", "job").order_by("-made_at", "-id")


def dataset_get(pk: UUID) -> Dataset:
    dataset = dataset_list().filter(pk=pk).first()
    if dataset is None:
        raise Missing
    return dataset


def datasets_ready(kind: str) -> QuerySet[Dataset]:
    """Return the data sets that may be frozen into snapshots."""
    return dataset_list().filter(kind=kind, ended_at__isnull=False)


def dataset_state(dataset: Dataset) -> str:
    """Return looked_over, waiting, importing, imported, failed or cancelled."""
    if dataset.ended_at:
        return "imported"
    if dataset.job is None:
        return "importing" if dataset.images.exists() else "looked_over"
    state = JobState(dataset.job.state)
    if state is JobState.CANCELLED:
        return "cancelled"
    if state.is_final:
        return "failed"
    return "importing" if state is JobState.RUNNING else "waiting"


def dataset_counts(dataset: Dataset) -> DatasetCounts:
    images = dataset.images.order_by()
    by_group = Counter(images.values_list("group", flat=True))
    labels = images.values("label").annotate(n=Count("pk"))
    faults = dataset.faults.order_by().values("code").annotate(n=Count("pk"))
    return DatasetCounts(
        images=by_group.total(),
        classes={one["label"]: one["n"] for one in labels.order_by("label")},
        subjects=images.exclude(subject="").values("subject").distinct().count(),
        groups=len(by_group),
        near=sum(n for n in by_group.values() if n > 1),
        faults={one["code"]: one["n"] for one in faults.order_by("code")},
    )


def dataset_faults(dataset: Dataset, *, code: str = "") -> QuerySet[DatasetFault]:
    faults = dataset.faults.order_by("pk")
    return faults.filter(code=code) if code else faults
