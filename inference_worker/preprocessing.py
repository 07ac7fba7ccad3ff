"""From the canonical picture to the network's input: the same steps in training and serving.

A preprocessing has an id that stands in the bundle. What an id means never changes: a better
one gets a new id. Scaling to the network's range is the first layer of each network, so that
what crosses a queue or lies in memory stays `uint8`.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

SCALE_BAR_SHARE = 0.15
"""Side of the masked corner as a share of the picture's: scale bars lie lower right."""


def without_scale_bar(picture: Picture) -> Picture:
    """Return a copy whose lower right corner has the picture's mean colour.

    Scale bars differ between microscopes, and so between classes of a data set.
    """
    height, width = picture.shape[:2]
    masked = picture.copy()
    mean = np.rint(cv2.mean(picture)[:3]).astype(np.uint8)
    masked[height - round(height * SCALE_BAR_SHARE) :, width - round(width * SCALE_BAR_SHARE) :] = (
        mean
    )
    return masked


def _p1(picture: Picture, size: int) -> Picture:
    """Mask the scale bar, then bring the whole field to a square of `size` pixels."""
    masked = without_scale_bar(picture)
    shrinks = min(picture.shape[:2]) >= size
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(masked, (size, size), interpolation=method)


def _p1_median(picture: Picture, size: int) -> Picture:
    """As p1, with the median filter of the four-class report before it."""
    return _p1(cv2.medianBlur(picture, 3), size)


def _cell(picture: Picture, size: int) -> Picture:
    """A single cell bears no scale bar: bring the whole picture to a square of `size` pixels."""
    method = cv2.INTER_AREA if min(picture.shape[:2]) >= size else cv2.INTER_LINEAR
    return cv2.resize(picture, (size, size), interpolation=method)


STEPS: dict[str, Callable[[Picture, int], Picture]] = {
    "p1": _p1,
    "p1-median": _p1_median,
    "cell": _cell,
}


def preprocess(picture: Picture, *, steps: str, size: int) -> Picture:
    """Return the network's input of shape `(size, size, 3)`, uint8 RGB.

    Args:
        picture: Canonical picture of shape `(height, width, 3)`, uint8 RGB.
        steps: Id of the preprocessing, as the bundle has it.
        size: Side of the network's input in pixels.
    """
    return STEPS[steps](picture, size)
