"""Stains act in optical density: one matrix takes RGB densities to haematoxylin, eosin, residual.

Ruifrok and Johnston, "Quantification of histochemical staining by color deconvolution", 2001.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

HED_FROM_OD = np.linalg.inv(
    np.array([[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]])
).T
OD_FROM_HED = np.linalg.inv(HED_FROM_OD)
DENSITY = -np.log((np.arange(256) + 1.0) / 256.0).astype(np.float32)


def stains(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return haematoxylin, eosin and residual density of an RGB picture: `(height, width, 3)`."""
    return cv2.transform(cv2.LUT(picture, DENSITY), HED_FROM_OD.astype(np.float32))
