"""Small JPEGs of a picture for the pages: preview, thumbnail, heatmap overlay."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

PREVIEW_QUALITY = 88
THUMBNAIL_QUALITY = 82
OVERLAY_QUALITY = 85
SMALL_QUALITY = 50


def preview_jpeg(picture: NDArray[np.uint8], *, longest: int = 1280) -> bytes:
    """Return the whole picture as JPEG, its longer side at most `longest` pixels."""
    return _jpeg(_reduced(picture, longest=longest), quality=PREVIEW_QUALITY)


def thumbnail_jpeg(picture: NDArray[np.uint8], *, side: int = 256) -> bytes:
    """Return the largest square from the centre as JPEG, at most `side` pixels wide."""
    height, width = picture.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    square = picture[top : top + edge, left : left + edge]
    return _jpeg(_reduced(square, longest=side), quality=THUMBNAIL_QUALITY)


def smaller_jpeg(thumbnail: bytes, *, side: int = 96) -> bytes:
    """Return a thumbnail of ours for a line of a list, which shows it 52 pixels wide."""
    picture = cv2.imdecode(np.frombuffer(thumbnail, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"No thumbnail. Received: {len(thumbnail)} bytes that are no picture")
    square = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.uint8)
    return _jpeg(_reduced(square, longest=side), quality=SMALL_QUALITY)


def overlay_jpeg(
    picture: NDArray[np.uint8],
    grid: NDArray[np.floating],
    *,
    opacity: float = 0.55,
    longest: int = 640,
) -> bytes:
    """Return the picture as JPEG with a class-activation grid laid over it.

    Args:
        picture: uint8 RGB of shape `(height, width, 3)`.
        grid: Activations of any small shape `(rows, columns)`, covering the whole picture. Only
            what is positive shows; the largest value has the brightest colour.
        opacity: Weight of the colours where the grid is strongest, 0 to 1.
        longest: The longer side of the result, in pixels, at most.
    """
    small = _reduced(picture, longest=longest)
    evidence = np.maximum(np.nan_to_num(grid.astype(np.float32)), 0)
    if not (peak := float(evidence.max(initial=0))):
        return _jpeg(small, quality=OVERLAY_QUALITY)
    size = small.shape[1], small.shape[0]
    heat = cv2.resize(evidence / peak, size, interpolation=cv2.INTER_CUBIC)
    heat = np.clip(heat, 0, 1, out=heat)
    levels = cv2.convertScaleAbs(heat, alpha=255)
    colours = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
    weight = heat * (2 - heat) * np.float32(min(max(opacity, 0.0), 1.0))
    return _jpeg(cv2.blendLinear(colours, small, weight, 1 - weight), quality=OVERLAY_QUALITY)


def _reduced(picture: NDArray[np.uint8], *, longest: int) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    # Whole-number averaging is several times faster than INTER_AREA at a broken factor.
    if (factor := int(1 / scale)) > 1:
        whole = max(1, width // factor), max(1, height // factor)
        picture = cv2.resize(picture, whole, interpolation=cv2.INTER_AREA)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)


def _jpeg(picture: NDArray[np.uint8], *, quality: int) -> bytes:
    done, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_JPEG_QUALITY, quality)
    )
    if not done:
        raise ValueError(f"No JPEG could be made. Received: a picture of shape {picture.shape}")
    return bytes(encoded)
