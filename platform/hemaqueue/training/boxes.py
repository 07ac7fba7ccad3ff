"""Boxes that people drew around cells: kept with what is frozen, to learn from or to judge on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.models import LocatedCell
from hemaqueue.training.lessons import Lesson
from hemaqueue.training.models import DatasetImage, DatasetSnapshot, FrozenImage, SnapshotImage

Box = tuple[str, float, float, float, float]
"""Class, the centre and the sides, as shares of the picture."""

WHITE_CELL = "WBC"
WHOLE = 0.99
"""The share of a picture from which a box only stands for its class: exports write such."""


def boxes_drawn(images: Collection[UUID]) -> defaultdict[UUID, list[Box]]:
    """Return the boxes that readers drew, or corrected, with a class."""
    found: defaultdict[UUID, list[Box]] = defaultdict(list)
    cells = LocatedCell.objects.filter(image__in=images, removed_at=None, by__isnull=False)
    for cell in cells.exclude(label="").order_by("pk"):
        middle = (cell.left + cell.width / 2, cell.top + cell.height / 2)
        found[cell.image_id].append((cell.label, *middle, cell.width, cell.height))
    return found


def boxed(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Return lessons with their boxes: those that readers drew, or that a data set brought."""
    came = DatasetImage.objects.filter(pk__in=[one.imported for one in lessons if one.imported])
    boxes: dict[UUID, Any] = dict(came.values_list("pk", "boxes"))
    boxes |= boxes_drawn([one.image for one in lessons if one.image])
    return [replace(one, boxes=tuple(map(tuple, boxes.get(one.picture, ())))) for one in lessons]


def boxes_kept(rows: Sequence[SnapshotImage | FrozenImage]) -> dict[int, Sequence[Any]]:
    """Return the boxes of frozen rows; one frozen before boxes were kept has today's."""
    before = [row.image_id for row in rows if row.boxes is None and row.image_id]
    drawn = boxes_drawn(before)
    return {row.pk: _kept(row, drawn) for row in rows}


def _kept(row: SnapshotImage | FrozenImage, drawn: defaultdict[UUID, list[Box]]) -> Sequence[Any]:
    if row.boxes is not None:
        return list(row.boxes)
    return list(row.imported.boxes) if row.imported else drawn[cast("UUID", row.image_id)]


def boxed_count(snapshot: DatasetSnapshot) -> int:
    """Count the pictures of a snapshot that were frozen with boxes."""
    return snapshot.images.filter(boxes__isnull=False).exclude(boxes=[]).count()


def white_cells(boxes: Iterable[Sequence[Any]]) -> tuple[tuple[float, ...], ...]:
    """Return centre and sides of the boxes that hold a white cell."""
    return tuple(
        (x, y, width, height)
        for name, x, y, width, height in boxes
        if (name in CLASSES or name.upper() == WHITE_CELL) and width * height < WHOLE
    )
