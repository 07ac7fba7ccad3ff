"""Small pictures for the tests, and their files."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray


@cache
def picture(seed: int = 1, *, width: int = 240, height: int = 208) -> NDArray[np.uint8]:
    """Return a small uint8 RGB picture that differs with `seed`: one violet cell on pale pink."""
    noise = np.random.default_rng(seed).integers(0, 12, (height, width, 3), dtype=np.uint8)
    field = np.full((height, width, 3), (236, 214, 220), np.uint8) - noise
    centre = (width // 4 + seed % (width // 2), height // 2)
    return np.asarray(cv2.circle(field, centre, height // 5, (96, 60, 140), -1), np.uint8)


def picture_file(seed: int = 1, *, suffix: str = ".png") -> bytes:
    """Return the picture as the bytes of a file."""
    pixels = cv2.cvtColor(picture(seed), cv2.COLOR_RGB2BGR)
    done, encoded = cv2.imencode(suffix, pixels)
    assert done
    return bytes(encoded)


@cache
def blank_file(level: int = 235) -> bytes:
    """Return a picture in which there is nothing: quality `no_content`."""
    done, encoded = cv2.imencode(".png", np.full((240, 320, 3), level, np.uint8))
    assert done
    return bytes(encoded)
