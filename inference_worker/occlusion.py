"""Where a network without a useful gradient looks: what does it lose when a part is covered?

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

PARTS = 6
"""Rows and columns of the grid: as many forward passes as it has places."""

LAYER = "occlusion"

Scores = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def occlusion(
    scores: Scores, picture: NDArray[np.uint8], *, class_index: int, parts: int = PARTS
) -> NDArray[np.float32]:
    """Return by how much covering each part lowers the logarithm of a class's score.

    Args:
        scores: Returns scores `(n, classes)` of pictures `(n, height, width, 3)`.
        picture: Preprocessed picture.
        class_index: The class to explain.
        parts: Rows and columns of the grid.

    Returns:
        Array of shape `(parts, parts)` between 0 and 1, the largest loss being 1; all zeros
        where no part matters to the class.
    """
    covered = np.repeat(picture[np.newaxis], parts * parts + 1, axis=0)
    mean = picture.mean(axis=(0, 1)).astype(np.uint8)
    rows, columns = (
        np.linspace(0, side, parts + 1).round().astype(int) for side in picture.shape[:2]
    )
    for number in range(parts * parts):
        row, column = divmod(number, parts)
        part = (slice(*rows[row : row + 2]), slice(*columns[column : column + 2]))
        covered[1 + number][part] = mean
    logarithms = np.log(np.maximum(scores(covered)[:, class_index], 1e-9))
    lost = np.maximum(logarithms[0] - logarithms[1:], 0).reshape(parts, parts)
    return (lost / lost.max() if lost.max() > 0 else lost).astype(np.float32)
