"""Where pictures come from, and whether it is known of whom they are."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hemaqueue.training.models import FrozenImage, SnapshotImage

ORIGINS = ("image__site", "image__slide", "imported__dataset")
CONFIRMED = "labels that readers confirmed"


def origin_of(row: SnapshotImage | FrozenImage) -> dict[str, Any]:
    """Return what a manifest says of a picture.

    `person` is whether its patient, subject or case is known; `source` the data set's name, or
    that readers gave the label; site and stain are those of the slide, or what a manifest says.
    """
    if row.image:
        slide = {"site": row.image.site.name, "stain": row.image.slide.stain}
        return {"person": True, "source": CONFIRMED} | slide
    if row.imported:
        known = {"person": bool(row.imported.subject), "source": row.imported.dataset.name}
        return known | row.imported.traits
    return {}


def without_person(rows: QuerySet[Any]) -> int:
    """Count the pictures with neither patient, subject nor case.

    Two of them, of one patient, may lie on both sides of a split: its figures flatter.
    """
    return rows.filter(imported__subject="").count()
