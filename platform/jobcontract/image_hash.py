"""A fingerprint of what a picture looks like, to find near-duplicates."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def perceptual_hash(picture: NDArray[np.uint8]) -> int:
    """Return 64 bits as a signed integer; similar pictures differ in few of them.

    The signs, about their median, of the 64 lowest frequencies of the picture's brightness at
    32 by 32 pixels (the DCT hash of Zauner, "Implementation and Benchmarking of Perceptual Image
    Hash Functions", 2010). Signed, because a database's 64-bit integers are.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    factor = max(1, min(grey.shape) // 64)
    if factor > 1:
        size = grey.shape[1] // factor, grey.shape[0] // factor
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = cv2.dct(small)[:8, :8].ravel()
    bits = waves > np.median(waves)
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)
