"""The pictures of a report: the picture, and the same with its heatmap."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hemaqueue.predictions.models import Heatmap
from hemaqueue.predictions.selectors import heatmap_grid
from hemaqueue.reports.content import ImageContent
from hemaqueue.specimens.models import SmearImage
from jobcontract.imaging import canonical_picture, overlay_jpeg, preview_jpeg
from jobcontract.sealing import read_sealed

PICTURED = 60  # images of a case that are printed as pictures; the table has them all
AT_FULL_WIDTH = 6  # images; more are printed two in a row
SIDE, SMALL_SIDE = (
    640,
    400,
)  # pixels, on 48 and on 24 mm: more than print shows, so that one can zoom


@dataclass(frozen=True)
class Pair:
    """Two JPEG files; `heatmap` is empty where the result has none."""

    picture: bytes
    heatmap: bytes


def report_pictures(images: Sequence[ImageContent]) -> dict[UUID, Pair]:
    """Return the pictures of the first images, each with the heatmap that its content names.

    Raises:
        FileDamaged, FileMissing: a picture is not what was stored. No report shows another one.
    """
    wanted = list(images)[:PICTURED]
    found = SmearImage.objects.in_bulk([UUID(one.id) for one in wanted])
    heatmaps = Heatmap.objects.in_bulk(
        [one.suggestion.heatmap for one in wanted if one.suggestion and one.suggestion.heatmap]
    )
    side = SMALL_SIDE if is_dense(images) else SIDE
    return {
        image.pk: _pair(
            image, heatmaps.get(one.suggestion.heatmap if one.suggestion else None), side=side
        )
        for one in wanted
        if (image := found.get(UUID(one.id)))
    }


def is_dense(images: Sequence[ImageContent]) -> bool:
    """Tell whether so many images are printed two in a row."""
    return len(images) > AT_FULL_WIDTH


def _pair(image: SmearImage, heatmap: Heatmap | None, *, side: int) -> Pair:
    picture = canonical_picture(read_sealed(image.preview_key))
    plain = preview_jpeg(picture, longest=side)
    if heatmap is None:
        return Pair(plain, b"")
    return Pair(plain, overlay_jpeg(picture, heatmap_grid(heatmap), longest=side))


def data_address(data: bytes, *, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
