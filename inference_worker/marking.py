"""Boxes of white cells, from whichever network of a bundle can say where they are."""

from __future__ import annotations

import cv2
import keras
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from inference_worker.regions import SMALLEST, regions

Boxes = NDArray[np.float64]
"""`(n, 5)`: certainty, then left, top, right, bottom as shares of the picture's sides."""

MARKERS = {"boxnet", "unet", "regions"}
LEAST_CERTAIN = 0.5
OVERLAP = 0.4


def marked(
    model: keras.Model, pictures: NDArray[np.uint8], *, least: float = LEAST_CERTAIN
) -> list[Boxes]:
    """Return the boxes in preprocessed pictures by a network of MARKERS, surest first.

    `least` is the certainty from which a box counts, where the network has one.
    """
    if model.name == "regions":
        return [_of_regions(picture) for picture in pictures]
    found = model.predict_on_batch(pictures.astype(np.float32))[1]
    if model.name == "unet":
        return [_of_outlines(one.argmax(-1)) for one in found]
    return [_of_candidates(one, least=least) for one in found]


def overlaps(one: Boxes, others: Boxes) -> NDArray[np.float64]:
    """Return intersection over union of all pairs of (left, top, right, bottom)."""
    low = np.maximum(one[:, None, :2], others[None, :, :2])
    high = np.minimum(one[:, None, 2:], others[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    area, other = (np.clip(b[:, 2:] - b[:, :2], 0, None).prod(-1) for b in (one, others))
    return shared / np.maximum(area[:, None] + other[None] - shared, 1e-12)


def _of_regions(picture: NDArray[np.uint8]) -> Boxes:
    return np.array([(1.0, *one.cell) for one in regions(picture)]).reshape(-1, 5)


def _of_outlines(outlines: NDArray[np.int64]) -> Boxes:
    height, width = outlines.shape
    cells = (outlines > 0).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(cells)
    least = (SMALLEST * min(height, width)) ** 2
    shares = [
        (1.0, x / width, y / height, (x + w) / width, (y + h) / height)
        for x, y, w, h, area in found[1:]
        if area >= least
    ]
    return np.array(shares).reshape(-1, 5)


def _of_candidates(candidates: NDArray[np.float32], *, least: float) -> Boxes:
    """Return candidates from `least` on, without those that overlap a surer one."""
    rows, columns = candidates.shape[:2]
    sure, x, y, width, height = np.moveaxis(expit(candidates.astype(np.float64)), -1, 0)
    x = (x + np.arange(columns)[None]) / columns
    y = (y + np.arange(rows)[:, None]) / rows
    sides = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    boxes = np.stack([sure, *(np.clip(side, 0, 1) for side in sides)], -1).reshape(-1, 5)
    boxes = boxes[boxes[:, 0] >= least]
    boxes = boxes[np.argsort(-boxes[:, 0])]
    kept: list[int] = []
    close = overlaps(boxes[:, 1:], boxes[:, 1:]) > OVERLAP
    for index in range(len(boxes)):
        if not close[index, kept].any():
            kept.append(index)
    return boxes[kept]
