"""A grid travels as text: base64 of float16, row by row."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray


def packed(grid: NDArray[np.floating]) -> str:
    return base64.b64encode(grid.astype("<f2").tobytes()).decode()


def unpacked(text: str, *, shape: tuple[int, int]) -> NDArray[np.float16]:
    return np.frombuffer(base64.b64decode(text), "<f2").reshape(shape)
