"""White cells of a stored picture, for a reader to check: segmentation, nothing is learned."""

from __future__ import annotations

import cv2

from inference_worker.preprocessing import Picture
from inference_worker.regions import Region, regions
from jobcontract.locating import FoundCell, FoundCells

LARGEST = 640
"""Pixels of the longer side: on pictures of this size it was measured. Larger ones are reduced."""


def cells_found(picture: Picture) -> FoundCells:
    """Return the white cells of a canonical picture of any size."""
    return FoundCells(cells=tuple(_found(one) for one in regions(_reduced(picture))))


def _reduced(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    share = LARGEST / max(height, width)
    if share >= 1:
        return picture
    size = max(round(width * share), 1), max(round(height * share), 1)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _found(one: Region) -> FoundCell:
    left, top, right, bottom = one.cell
    return FoundCell(
        left=left,
        top=top,
        width=right - left,
        height=bottom - top,
        area=one.cell_area,
        nucleus_share=one.nucleus_share,
        roundness=one.roundness,
    )
