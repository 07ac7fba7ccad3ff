"""Nuclei and cells of a smear by classical segmentation: thresholds, morphology, watershed.

Nothing is learned. Nuclei are what is much more saturated and darker in green than most of the
field; touching ones are parted at the ridges of their distance. Cytoplasm is what lies around a
nucleus and takes more haematoxylin than the ground, as far as half a nucleus away. Cells that were
cut out and stand on black have no ground: each is what is lit, its nucleus what is not paler.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.stains import stains

Picture = NDArray[np.uint8]
Labels = NDArray[np.int32]

MORE_SATURATED = 40  # levels above the field's median
DARKER_IN_GREEN = 30  # levels below the field's 60th percentile
SMALLEST = 0.04  # side of the smallest nucleus as a share of the picture's
REACH = 0.5  # of the nucleus's radius: how far its cytoplasm may reach
PEAK = 0.6  # of the largest distance: where the middle of a nucleus begins
BLUER = 0.04  # haematoxylin density of cytoplasm above the ground's
BLACK = 8  # levels at most of what a cut-out cell stands on
LIT = 0.5  # of a picture of cut-out cells at most; the round view of a microscope fills more
AT_EDGE = 0.05  # of such a picture's edge at most
PALER = 12  # levels in green above the median of a cut-out cell: no nucleus


@dataclass(frozen=True)
class Region:
    """One white cell. Boxes are (left, top, right, bottom) as shares of the picture's sides;
    areas are shares of its area; roundness is 4π·area/perimeter², 1 for a disc."""

    nucleus: tuple[float, float, float, float]
    cell: tuple[float, float, float, float]
    nucleus_area: float
    cell_area: float
    roundness: float
    solidity: float

    @property
    def nucleus_share(self) -> float:
        """The nucleus's part of the cell: about 0.9 in a blast with scant cytoplasm."""
        return self.nucleus_area / self.cell_area

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"nucleus_share": self.nucleus_share}


def regions(picture: Picture) -> list[Region]:
    """Return the white cells of a field, from left to right."""
    nuclei, cells = segmented(picture)
    found = [_region(nuclei == one, cells == one) for one in range(1, nuclei.max() + 1)]
    return sorted((one for one in found if one), key=lambda one: one.cell)


def outlined(picture: Picture) -> NDArray[np.uint8]:
    """Return 2 in nuclei, 1 in cytoplasm, 0 elsewhere: `(height, width)`."""
    nuclei, cells = segmented(picture)
    return np.where(nuclei > 0, 2, np.where(cells > 0, 1, 0)).astype(np.uint8)


def segmented(picture: Picture) -> tuple[Labels, Labels]:
    """Return the number of each pixel's nucleus and of its cell; 0 is ground."""
    if (lit := _cut_out(picture)) is not None:
        return _within(lit, picture)
    nuclei = _parted(_nuclear(picture), picture)
    return nuclei, _grown(nuclei, picture)


def _cut_out(picture: Picture) -> NDArray[np.uint8] | None:
    """Return where cells lie that were cut out and stand on black; None of a field."""
    lit = (picture.max(axis=2) > BLACK).astype(np.uint8)
    edge = np.concatenate([lit[0], lit[-1], lit[:, 0], lit[:, -1]])
    if edge.mean() > AT_EDGE or not 0 < lit.mean() < LIT:
        return None
    return cv2.morphologyEx(lit, cv2.MORPH_OPEN, _disc(picture, SMALLEST))


def _within(lit: NDArray[np.uint8], picture: Picture) -> tuple[Labels, Labels]:
    """Number cut-out cells, and in each its nucleus."""
    count, cells = cv2.connectedComponents(lit)
    green = cv2.GaussianBlur(picture[..., 1], (0, 0), 1.0)
    dark = np.zeros_like(lit)
    for one in range(1, count):
        inside = cells == one
        dark |= (inside & (green <= np.median(green[inside]) + PALER)).astype(np.uint8)
    return np.where(_whole(dark, picture) & lit, cells, 0), cells


def _nuclear(picture: Picture) -> NDArray[np.uint8]:
    sigma = max(min(picture.shape[:2]) / 160, 0.5)
    green = cv2.GaussianBlur(picture[..., 1], (0, 0), sigma)
    saturation = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)[..., 1]
    saturation = cv2.GaussianBlur(saturation, (0, 0), sigma)
    found = (saturation > np.median(saturation) + MORE_SATURATED) & (
        green < np.percentile(green, 60) - DARKER_IN_GREEN
    )
    return _whole(found.astype(np.uint8), picture)


def _whole(mask: NDArray[np.uint8], picture: Picture) -> NDArray[np.uint8]:
    """Return a mask without what is too small for a nucleus, and without holes."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _disc(picture, SMALLEST))
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cv2.drawContours(opened, contours, -1, 1, cv2.FILLED)


def _disc(picture: Picture, share: float) -> NDArray[np.uint8]:
    side = max(round(share * min(picture.shape[:2])), 1)
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))


def _parted(mask: NDArray[np.uint8], picture: Picture) -> Labels:
    """Part touching nuclei: each middle floods its surroundings down the distance."""
    distance = cv2.GaussianBlur(cv2.distanceTransform(mask, cv2.DIST_L2, 5), (0, 0), 1.0)
    count, blobs = cv2.connectedComponents(mask)
    middles = np.zeros_like(mask)
    for one in range(1, count):
        inside = blobs == one
        middles |= (inside & (distance > PEAK * distance[inside].max())).astype(np.uint8)
    _, markers = cv2.connectedComponents(middles)
    return _flooded(markers, mask, 255 - _bytes(distance))


def _grown(nuclei: Labels, picture: Picture) -> Labels:
    """Let each nucleus take the blue around it, as far as its reach."""
    if not nuclei.any():
        return nuclei
    blue = cv2.GaussianBlur(stains(picture)[..., 0], (0, 0), 1.0)
    near = np.zeros(nuclei.shape, np.uint8)
    for one in range(1, nuclei.max() + 1):
        nucleus = (nuclei == one).astype(np.uint8)
        radius = np.sqrt(nucleus.sum() / np.pi)
        outside = cv2.distanceTransform(1 - nucleus, cv2.DIST_L2, 5)
        near |= (outside <= REACH * radius).astype(np.uint8)
    body = (near & (blue > np.median(blue) + BLUER)) | (nuclei > 0)
    body = cv2.morphologyEx(body.astype(np.uint8), cv2.MORPH_OPEN, _disc(picture, SMALLEST / 2))
    body |= (nuclei > 0).astype(np.uint8)
    return _flooded(nuclei, body, picture[..., 1])


def _flooded(markers: Labels, mask: NDArray[np.uint8], relief: NDArray[np.uint8]) -> Labels:
    """Return the watershed of the markers within the mask.

    The step to the ground is steeper than any within, so that cells flood first; OpenCV leaves
    a line between basins, which goes to the nearest.
    """
    if not markers.any():
        return markers
    ground = int(markers.max()) + 1
    level = np.where(mask > 0, relief // 2, 255).astype(np.uint8)
    seeds = np.where(mask > 0, markers, ground).astype(np.int32)
    flooded = cv2.watershed(cv2.merge([level] * 3), seeds)
    known = (mask > 0) & (flooded > 0) & (flooded < ground)
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    number = np.zeros(int(nearest.max()) + 1, np.int32)
    number[nearest[known]] = flooded[known]
    return np.where(mask > 0, number[nearest], 0).astype(np.int32)


def _bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (255 * values / max(float(values.max()), 1e-6)).astype(np.uint8)


def _region(nucleus: NDArray[np.bool_], cell: NDArray[np.bool_]) -> Region | None:
    least = (SMALLEST * min(nucleus.shape)) ** 2 * np.pi / 4
    if nucleus.sum() < least:
        return None
    contours, _ = cv2.findContours(
        nucleus.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    outline = max(contours, key=cv2.contourArea)
    area, perimeter = cv2.contourArea(outline), cv2.arcLength(outline, closed=True)
    hull = cv2.contourArea(cv2.convexHull(outline))
    return Region(
        nucleus=_box(nucleus),
        cell=_box(cell | nucleus),
        nucleus_area=float(nucleus.mean()),
        cell_area=float((cell | nucleus).mean()),
        roundness=min(float(4 * np.pi * area / max(perimeter, 1.0) ** 2), 1.0),
        solidity=float(area / max(hull, 1.0)),
    )


def _box(inside: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    height, width = inside.shape
    left, right = columns[0] / width, (columns[-1] + 1) / width
    return float(left), float(rows[0] / height), float(right), float((rows[-1] + 1) / height)
