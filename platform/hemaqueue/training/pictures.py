"""Reading the pictures of data sets: for who runs the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.common.errors import Missing
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.models import Dataset, DatasetImage, FrozenImage, SnapshotImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


@dataclass(frozen=True)
class PictureUse:
    """Where a picture is used: how many snapshots hold it, and which versions learned from it."""

    snapshots: int
    versions: list[ModelVersion]
    judges: bool


def picture_list(
    dataset: Dataset, *, label: str | None = None, withdrawn: bool = False
) -> QuerySet[DatasetImage]:
    """Return the pictures of a set: of one class ("" is none), or those withdrawn, or all."""
    wanted = Q() if label is None else Q(label=label.replace("\0", ""))
    if withdrawn:
        wanted &= Q(withdrawn_at__isnull=False)
    return dataset.images.filter(wanted).order_by("label", "pk")


def picture_get(pk: UUID) -> DatasetImage:
    found = DatasetImage.objects.select_related("dataset").filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def picture_use(picture: DatasetImage) -> PictureUse:
    held = SnapshotImage.objects.filter(imported=picture).values("snapshot")
    versions = ModelVersion.objects.filter(training_run__snapshot__in=held)
    return PictureUse(
        snapshots=held.count(),
        versions=list(versions.order_by("-created_at")),
        judges=FrozenImage.objects.filter(sha256=picture.sha256).exists(),
    )


def picture_traits(digests: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the data set and the traits of each imported picture among these bytes."""
    found = DatasetImage.objects.filter(sha256__in=list(digests))
    said = found.values_list("sha256", "dataset__name", "traits")
    return {sha256: {"dataset": name, **traits} for sha256, name, traits in said}


def pictures_by_sha256(digests: Iterable[str], *, user: User) -> dict[str, DatasetImage]:
    """Return the imported pictures with these bytes, {} for who does not run the installation."""
    if not runs_installation(user):
        return {}
    found = DatasetImage.objects.filter(sha256__in=list(digests))
    return {one.sha256: one for one in found}
