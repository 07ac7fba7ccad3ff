"""A class-activation grid as a picture to lay over the smear: viridis, clear where it is cold."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LONGEST = 640


def heat_png(grid: NDArray[np.float32], *, width: int, height: int) -> bytes:
    """Return a PNG with the proportions of a `width` by `height` picture, at most 640 pixels.

    Colour (viridis) and opacity are the evidence over its largest value; only positive evidence
    shows, as in Grad-CAM's ReLU (Selvaraju et al. 2017, equation 2).
    """
    scale = min(1.0, LONGEST / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    evidence = np.maximum(np.nan_to_num(grid.astype(np.float32)), 0)
    peak = float(evidence.max(initial=0)) or 1.0
    heat = np.clip(cv2.resize(evidence / peak, size, interpolation=cv2.INTER_CUBIC), 0, 1)
    colours = cv2.applyColorMap(cv2.convertScaleAbs(heat, alpha=255), cv2.COLORMAP_VIRIDIS)
    opacity = cv2.convertScaleAbs(heat, alpha=255)
    done, encoded = cv2.imencode(
        ".png", cv2.merge((colours, opacity)), (cv2.IMWRITE_PNG_COMPRESSION, 3)
    )
    if not done:
        raise ValueError(f"No PNG could be made. Received: a grid of shape {grid.shape}")
    return bytes(encoded)
