"""The pictures of a report as data addresses: the picture, and the same with its heatmap."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hemaqueue.predictions.selectors import heatmap_grid, heatmap_of, predictions_latest
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


def report_pictures(images: Sequence[UUID]) -> dict[UUID, Pair]:
    """Return the pictures of the first images.

    Raises:
        FileDamaged, FileMissing: a picture is not what was stored. No report shows another one.
    """
    wanted = list(images)[:PICTURED]
    said = predictions_latest(wanted)
    found = {}
    for image in SmearImage.objects.filter(pk__in=wanted):
        picture = canonical_picture(read_sealed(image.preview_key))
        heatmap = heatmap_of(said[image.pk]) if image.pk in said else None
        heat = ""
        if heatmap is not None:
            grid = heatmap_grid(heatmap)
            heat = data_address(overlay_jpeg(picture, grid, longest=PRINTED_SIDE))
        found[image.pk] = Pair(data_address(preview_jpeg(picture, longest=PRINTED_SIDE)), heat)
    return found


def data_address(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
