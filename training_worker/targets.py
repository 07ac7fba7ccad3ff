"""What a network learns besides the class: boxes or outlines, moved as the picture is moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.regions import outlined
from training_worker.boxes import PEOPLE, box_targets, label_of
from training_worker.samples import Pixels, Sample

Targets = NDArray[Any]
LEAST_LEFT = 0.25
"""Share of a box that must stay within the moved picture."""


def with_targets(network: str, samples: Sequence[Sample], pixels: Pixels) -> Pixels:
    """Return the pixels with what this network learns besides; most learn nothing."""
    if network == "boxnet":
        return pixels.with_targets(box_targets(samples))
    if network == "unet":
        return pixels.with_targets(np.stack([outlined(one) for one in pixels.pictures]))
    return pixels


def teachers(network: str, samples: Sequence[Sample]) -> dict[str, Any]:
    """Return who taught boxes or outlines: people, or the classical segmentation."""
    if network == "unet":
        return {"outlines": "learned from regions, not from people"}
    if network == "boxnet":
        people = sum(label_of(sample.path) is not None for sample in samples)
        return {"boxes": {PEOPLE: people, "pseudo": len(samples) - people}}
    return {}


def moved(target: Targets, matrix: NDArray[np.float64], *, size: int) -> Targets:
    """Return boxes `(m, 5)` or outlines `(size, size)` as `matrix` moves the picture."""
    if target.dtype == np.uint8:
        return cv2.warpAffine(
            target,
            matrix[:2],
            (size, size),
            flags=cv2.INTER_NEAREST,
            borderMode=cv2.BORDER_REFLECT_101,
        )
    result = np.zeros_like(target)
    for row, (present, x, y, width, height) in enumerate(target):
        if not present:
            continue
        corners = [(x + i * width / 2, y + j * height / 2) for i in (-1, 1) for j in (-1, 1)]
        points = np.column_stack([np.array(corners) * size - 0.5, np.ones(4)]) @ matrix[:2].T
        low, high = ((points.min(0) + 0.5) / size, (points.max(0) + 0.5) / size)
        left, right = np.clip(low, 0, 1), np.clip(high, 0, 1)
        if (right - left).prod() >= LEAST_LEFT * (high - low).prod():
            result[row] = (1, *((left + right) / 2), *(right - left))
    return result
