"""Takes the white cells out of a field, or everything but them: which of the two names the class?

In a data set of few patients the red cells and the ground may give the class away just as the
stain does. The white cells are found by a threshold (more saturated and darker in green than
most of the field): crude, but enough for the question.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.preprocessing import Picture

MORE_SATURATED = 40  # levels above the field's median
DARKER_IN_GREEN = 35  # levels below the field's 60th percentile
SMALLEST = 0.04  # of the side: what is smaller is a platelet or dirt
MARGIN = 0.03  # of the side, around each cell
FEWEST, MOST = 0.005, 0.6  # share of a field that can be its white cells
SMOOTHING = 0.05  # of the side: how far the ground is drawn over a cell


def white_cell_mask(picture: Picture) -> NDArray[np.bool_]:
    """Return where the white cells of a field are, with a margin: `(height, width)`."""
    green = cv2.GaussianBlur(picture[..., 1], (0, 0), 1.5)
    saturation = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)[..., 1]
    saturation = cv2.GaussianBlur(saturation, (0, 0), 1.5)
    found = (saturation > np.median(saturation) + MORE_SATURATED) & (
        green < np.percentile(green, 60) - DARKER_IN_GREEN
    )
    opened = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, _disc(picture, SMALLEST))
    return cv2.dilate(opened, _disc(picture, 2 * MARGIN)).astype(bool)


def _disc(picture: Picture, share: float) -> NDArray[np.uint8]:
    side = max(round(share * min(picture.shape[:2])), 1)
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))


def without_white_cells(picture: Picture) -> Picture:
    """Return the field with its surroundings drawn smoothly over each white cell."""
    inside = white_cell_mask(picture)
    outside = (~inside)[..., np.newaxis].astype(np.float32)
    sigma = SMOOTHING * min(picture.shape[:2])
    weights = cv2.GaussianBlur(outside, (0, 0), sigma)[..., np.newaxis]
    spread = cv2.GaussianBlur(picture * outside, (0, 0), sigma) / np.maximum(weights, 1e-3)
    return np.where(inside[..., np.newaxis], spread, picture).clip(0, 255).astype(np.uint8)


def white_cells_only(picture: Picture) -> Picture:
    """Return the white cells on an even ground of the field's own median colour."""
    inside = white_cell_mask(picture)
    ground = np.median(picture[~inside], axis=0) if not inside.all() else np.zeros(3)
    return np.where(inside[..., np.newaxis], picture, ground).astype(np.uint8)


def on_other_ground(cells: Picture, ground: Picture) -> Picture:
    """Return the white cells of one picture on the ground of another, of the same size.

    The ground's own white cells are painted over; the edge is softened. What goes with the
    ground, the red cells and the patient's stain, no longer goes with the class. A picture whose
    cells are not found stays as it is: on another ground its label would be wrong.
    """
    edge = white_cell_mask(cells).astype(np.float32)
    if not FEWEST <= edge.mean() <= MOST:
        return cells
    share = cv2.GaussianBlur(edge, (0, 0), 1.0)[..., np.newaxis]
    mixed = share * cells + (1 - share) * without_white_cells(ground)
    return mixed.round().clip(0, 255).astype(np.uint8)
