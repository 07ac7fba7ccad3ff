"""From dye densities to a picture: stain, light, focus, noise, and the mark SYNTHETIC."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

# Optical density per unit of dye in red, green and blue: two ends between which a picture's stain
# lies, for red cells (pink to grey-blue), nuclei (magenta to blue) and cytoplasm (lilac to blue).
STAIN_ENDS = np.array(
    [
        [[0.07, 0.24, 0.19], [0.24, 0.18, 0.10]],
        [[0.45, 1.15, 0.22], [0.92, 1.05, 0.30]],
        [[0.24, 0.42, 0.07], [0.50, 0.40, 0.10]],
    ]
)
MARK = "SYNTHETIC"


def photographed(dyes: Plane, *, scale: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return densities of shape `(size, size, 3)` as an uint8 RGB picture of the same size."""
    density = cv2.transform(dyes, _stain(rng))
    # Cells refract: a faint light seam surrounds them.
    seam = cv2.GaussianBlur(density, (0, 0), 0.7 * scale)
    strength = rng.uniform(0.15, 0.45)
    picture = cv2.exp(cv2.addWeighted(seam, strength, density, -1 - strength, 0))
    picture *= _light(len(dyes), rng=rng)
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.1, 0.34) * scale)
    picture += _noise(picture.shape, rng=rng)
    return cv2.convertScaleAbs(cv2.max(picture, 0))


def mark(picture: NDArray[np.uint8]) -> None:
    """Write SYNTHETIC on a white label in the lower right corner, in place."""
    size = len(picture)
    font, height = cv2.FONT_HERSHEY_SIMPLEX, size / 1000
    (width, tall), below = cv2.getTextSize(MARK, font, height, 1)
    left, top = size - width - 6, size - tall - below - 6
    cv2.rectangle(picture, (left, top), (size - 1, size - 1), (255, 255, 255), -1)
    place = left + 3, size - below - 2
    cv2.putText(picture, MARK, place, font, height, (40, 40, 40), 1, cv2.LINE_AA)


def _stain(rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw one picture's stain: a matrix from dyes (columns) to red, green, blue (rows)."""
    between = rng.uniform(0, 1, (3, 1))
    colours = STAIN_ENDS[:, 0] * (1 - between) + STAIN_ENDS[:, 1] * between
    colours *= rng.normal(1, 0.06, (3, 3)) * rng.uniform(0.8, 1.2, (3, 1))
    return np.ascontiguousarray(colours.T.astype(np.float32))


def _light(size: int, *, rng: np.random.Generator) -> Plane:
    """Draw the empty field: a tint, brighter towards one side, darker at the borders."""
    tint = np.array([250, 250, 250]) - rng.uniform(0, 1, 3) * (12, 9, 26)
    level = rng.uniform(0.93, 1.01)
    coarse = 1 + rng.normal(0, 0.01, (4, 4))
    across = np.linspace(-1, 1, 4)
    coarse -= rng.uniform(0, 0.05) * (across**2 + across[:, None] ** 2)
    field = cv2.resize(coarse.astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    return field[..., np.newaxis] * (level * tint).astype(np.float32)


def _noise(shape: tuple[int, ...], *, rng: np.random.Generator) -> Plane:
    """Draw the camera's noise: mostly grey, a little coloured."""
    strength = rng.uniform(0.8, 2.6)
    grey = rng.standard_normal(shape[:2], dtype=np.float32) * np.float32(strength)
    coarse = rng.standard_normal((shape[0] // 3, shape[1] // 3, 3), dtype=np.float32)
    coloured = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.addWeighted(coloured, 0.5 * strength, cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), 1, 0)
