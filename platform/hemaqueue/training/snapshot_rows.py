"""What a snapshot holds, and what it left out, picture by picture."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import Dataset, DatasetImage, DatasetSnapshot, SnapshotImage


class LeftOut(NamedTuple):
    """A picture of a case or of a data set that does not teach, and why; see `Exclusion`."""

    image: UUID
    sha256: str
    reason: str
    labels: list[str]


def snapshot_pictures(
    snapshot: DatasetSnapshot, *, after: UUID | None = None
) -> QuerySet[SnapshotImage]:
    """Return what a snapshot holds by `picture`: the id of an image or of a data set's picture."""
    rows = snapshot.images.annotate(picture=Coalesce("image_id", "imported_id"))
    later = rows.filter(picture__gt=after) if after else rows
    return later.select_related("imported").order_by("picture")


def snapshot_left_out(snapshot: DatasetSnapshot, *, after: UUID | None = None) -> list[LeftOut]:
    """Return what a snapshot left out, by the pictures' ids."""
    said = {UUID(one["image"]): one for one in snapshot.exclusions}
    pictures = sorted(image for image in said if after is None or image > after)
    digests: dict[UUID, str] = {}
    for kind in (SmearImage, DatasetImage):
        digests |= dict(kind.objects.filter(pk__in=pictures).values_list("pk", "sha256"))
    return [
        LeftOut(one, digests.get(one, ""), said[one]["reason"], said[one].get("labels", []))
        for one in pictures
    ]


def snapshot_datasets(snapshot: DatasetSnapshot) -> QuerySet[Dataset]:
    """Return the data sets from which pictures of a snapshot came."""
    held = snapshot.images.filter(imported__isnull=False).values("imported__dataset")
    return Dataset.objects.filter(pk__in=held).order_by("name", "pk")
