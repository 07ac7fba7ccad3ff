"""Red cells, platelets and specks of stain, drawn as dye densities."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

SHAPES = 10
SPACING = 8.3


def red_cells(dyes: Plane, *, cover: Plane, scale: float, rng: np.random.Generator) -> None:
    """Add a layer of red cells to `dyes[..., 0]`, thinned out where white cells cover it.

    Args:
        dyes: Densities of shape `(size, size, 3)`, changed in place.
        cover: White cells' cover of shape `(size, size)`, 0 to 1.
        scale: Pixels per micrometre.
    """
    layer = np.zeros_like(cover)
    shapes = [red_cell(scale=scale, rng=rng) for _ in range(SHAPES)]
    spots = _scattered(len(cover), spacing=SPACING * scale, rng=rng)
    for x, y in spots:
        if cover[min(max(y, 0), len(cover) - 1), min(max(x, 0), len(cover) - 1)] < 0.5:
            shape = shapes[rng.integers(SHAPES)]
            stamp(layer, shape * np.float32(rng.uniform(0.85, 1.15)), x=x, y=y)
    dyes[..., 0] += np.minimum(layer, 2.6) * (1 - np.float32(0.97) * cover)


def red_cell(*, scale: float, rng: np.random.Generator) -> Plane:
    """Draw one red cell: a disc about 7.2 micrometres wide, thin in the middle.

    The thickness over the relative radius x is that of Evans and Fung, "Improved measurements of
    the erythrocyte geometry", Microvascular Research 4 (1972): sqrt(1 - x²) (C0 + C1 x² + C2 x⁴)
    with C0 = 0.81, C1 = 7.83, C2 = -4.39 micrometres; C0 varies here, so that pallor does.
    """
    radius = rng.normal(3.6, 0.25) * scale
    half = int(radius * 1.25) + 2
    across = np.arange(-half, half + 1, dtype=np.float32) / np.float32(radius)
    x, y = np.meshgrid(across, across)
    turn, flat = rng.uniform(0, np.pi), rng.uniform(0.84, 1.0)
    along, beside = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    bent = 0.05 * rng.normal() * along * along
    squared = (along**2 + ((beside + bent) / flat) ** 2).astype(np.float32)
    middle = rng.uniform(0.5, 1.5)
    thickness = middle + 7.83 * squared - 4.39 * squared**2
    inside = np.sqrt(np.clip(1 - squared, 0, 1))
    return (inside**0.8 * thickness / 2.5).astype(np.float32)


def platelets(dyes: Plane, *, scale: float, rng: np.random.Generator) -> None:
    """Add a few platelets and, now and then, a speck of stain."""
    size = len(dyes)
    for _ in range(rng.integers(2, 9)):
        body = _granular(rng.uniform(0.9, 1.5) * scale, rng=rng)
        x, y = rng.integers(0, size, 2)
        stamp(dyes[..., 1], body * np.float32(rng.uniform(0.3, 0.5)), x=x, y=y)
        stamp(dyes[..., 2], body * np.float32(0.35), x=x, y=y)
    for _ in range(rng.poisson(1.2)):
        x, y = rng.integers(0, size, 2)
        stamp(dyes[..., 1], 1.6 * _granular(rng.uniform(0.25, 0.5) * scale, rng=rng), x=x, y=y)


def smudge(dyes: Plane, *, scale: float, rng: np.random.Generator) -> None:
    """Add one pale, torn nucleus without a cell, as crushed cells leave it."""
    half = int(9 * scale)
    noise = cv2.GaussianBlur(
        rng.standard_normal((2 * half, 2 * half), dtype=np.float32), (0, 0), 1.6 * scale
    )
    across = np.linspace(-1, 1, 2 * half, dtype=np.float32)
    fading = np.clip(1.1 - 1.6 * np.hypot(across[:, None], across * rng.uniform(1, 1.8)), 0, 1)
    torn = fading * np.clip(0.75 + 0.45 * noise / noise.std(), 0, 1.3)
    x, y = rng.integers(0, len(dyes), 2)
    stamp(dyes[..., 1], torn * np.float32(rng.uniform(0.2, 0.4)), x=x, y=y)


def stamp(layer: Plane, shape: Plane, *, x: int, y: int) -> None:
    """Add a small plane to a large one, its middle at `(x, y)`, cut off at the borders."""
    top, left = y - shape.shape[0] // 2, x - shape.shape[1] // 2
    first_row, first_column = max(0, -top), max(0, -left)
    rows = slice(max(0, top), max(0, top + shape.shape[0]))
    columns = slice(max(0, left), max(0, left + shape.shape[1]))
    target = layer[rows, columns]
    target += shape[first_row:, first_column:][: target.shape[0], : target.shape[1]]


def _granular(radius: float, *, rng: np.random.Generator) -> Plane:
    half = int(2 * radius) + 2
    across = np.arange(-half, half + 1, dtype=np.float32) / np.float32(max(radius, 0.7))
    squared = across[:, None] ** 2 * np.float32(rng.uniform(0.7, 1.4)) + across**2
    grains = 1 + np.float32(0.3) * rng.standard_normal(squared.shape, dtype=np.float32)
    return np.exp(-squared * squared) * grains


def _scattered(size: int, *, spacing: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return (x, y) of a shaken grid with gaps, so that some cells touch and some overlap."""
    lines = np.arange(-0.5, size / spacing + 1.5)
    grid = np.stack(np.meshgrid(lines, lines), axis=-1).reshape(-1, 2)
    shaken = (grid + rng.normal(0, 0.3, grid.shape)) * spacing
    kept = rng.random(len(shaken)) < rng.uniform(0.45, 0.95)
    return shaken[kept].astype(np.int64)
