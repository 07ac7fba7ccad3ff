"""The pictures of a report as data addresses: the picture, and the same with its heatmap."""

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

PRINTED_SIDE = 640
PICTURED = 60  # images of a case that are printed as pictures; the table has them all


@dataclass(frozen=True)
class Pair:
    """`heatmap` is empty where the result has none."""

    picture: str
    heatmap: str


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
    return {
        image.pk: _pair(image, heatmaps.get(one.suggestion.heatmap if one.suggestion else None))
        for one in wanted
        if (image := found.get(UUID(one.id)))
    }


def _pair(image: SmearImage, heatmap: Heatmap | None) -> Pair:
    picture = canonical_picture(read_sealed(image.preview_key))
    plain = data_address(preview_jpeg(picture, longest=PRINTED_SIDE))
    if heatmap is None:
        return Pair(plain, "")
    return Pair(
        plain, data_address(overlay_jpeg(picture, heatmap_grid(heatmap), longest=PRINTED_SIDE))
    )


def data_address(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
