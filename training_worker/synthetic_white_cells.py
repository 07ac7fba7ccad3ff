"""White cells of the four classes, drawn as dye densities.

What tells the classes apart is shape and texture, as in a real film: how large the cell is, how
much of it the nucleus fills, whether the nucleus is cleft, how coarse its chromatin is, how many
nucleoli show. Ranges overlap on purpose. Stain colours are drawn per picture, whatever the class.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class WhiteCellLook:
    """How the cells of one class look. Lengths in micrometres, ranges as (low, high).

    Attributes:
        diameter: Of the whole cell.
        filling: Diameter of the nucleus over the cell's.
        irregularity: Relative depth of the waves in the nucleus's outline.
        cleft: Relative depth of its one notch.
        grain, contrast: Size and strength of the chromatin's clumps.
        density: Mean dye taken up by the nucleus.
        nucleoli: Fewest and most.
    """

    diameter: tuple[float, float]
    filling: tuple[float, float]
    irregularity: float
    cleft: tuple[float, float]
    grain: tuple[float, float]
    contrast: tuple[float, float]
    density: tuple[float, float]
    nucleoli: tuple[int, int]


LOOKS = {
    "benign": WhiteCellLook(
        diameter=(8.2, 10.2),
        filling=(0.90, 0.95),
        irregularity=0.012,
        cleft=(0.0, 0.03),
        grain=(1.3, 1.8),
        contrast=(0.03, 0.08),
        density=(1.00, 1.30),
        nucleoli=(0, 0),
    ),
    "early_pre_b": WhiteCellLook(
        diameter=(10.0, 12.6),
        filling=(0.84, 0.90),
        irregularity=0.025,
        cleft=(0.0, 0.08),
        grain=(0.8, 1.1),
        contrast=(0.11, 0.17),
        density=(0.85, 1.15),
        nucleoli=(0, 1),
    ),
    "pre_b": WhiteCellLook(
        diameter=(11.4, 14.2),
        filling=(0.72, 0.80),
        irregularity=0.04,
        cleft=(0.16, 0.34),
        grain=(1.0, 1.4),
        contrast=(0.24, 0.34),
        density=(0.85, 1.15),
        nucleoli=(0, 2),
    ),
    "pro_b": WhiteCellLook(
        diameter=(13.2, 16.8),
        filling=(0.80, 0.88),
        irregularity=0.03,
        cleft=(0.0, 0.12),
        grain=(0.35, 0.55),
        contrast=(0.13, 0.20),
        density=(0.70, 1.00),
        nucleoli=(2, 4),
    ),
}


def white_cell(
    look: WhiteCellLook, *, scale: float, rng: np.random.Generator
) -> tuple[Plane, Plane]:
    """Draw one cell in a square of its own.

    Args:
        look: The class's ranges.
        scale: Pixels per micrometre.
        rng: Source of everything drawn by chance.

    Returns:
        Densities of shape `(side, side, 3)` for red-cell, nuclear and cytoplasmic dye, and the
        cell's cover of shape `(side, side)`, 1 where nothing below shows through.
    """
    radius = rng.uniform(*look.diameter) * scale / 2
    half = int(radius * 1.35) + 2
    polar = _polar(half)
    edge = max(0.45 * scale, 1.0)
    cover = _blob(polar, radius=radius, waves=_waves(0.022, rng=rng), edge=edge)
    nucleus_radius = radius * rng.uniform(*look.filling)
    slack = (radius - nucleus_radius) * rng.uniform(0, 0.75)
    shift = rng.uniform(0, 2 * np.pi)
    polar = _polar(half, x=slack * np.cos(shift), y=slack * np.sin(shift))
    nucleus = _nucleus(look, polar=polar, radius=nucleus_radius, edge=edge, cell=cover, rng=rng)
    chromatin = _chromatin(look, nucleus=nucleus, scale=scale, rng=rng)
    holes = _nucleoli(look, polar=polar, radius=nucleus_radius, scale=scale, rng=rng)
    body = cover * (1 + 0.12 * _noise(cover.shape, grain=0.6 * scale, rng=rng))
    dyes = np.zeros((*cover.shape, 3), np.float32)
    dyes[..., 1] = nucleus * (chromatin - 0.45 * holes) + 0.05 * body
    dyes[..., 2] = body * rng.uniform(0.7, 1.1) * (1 - 0.75 * nucleus) + 0.25 * nucleus * holes
    return np.maximum(dyes, 0), cover


def _polar(half: int, *, x: float = 0.0, y: float = 0.0) -> tuple[Plane, Plane]:
    """Return distance from `(x, y)` and angle for a square that reaches `half` each way."""
    across = np.arange(-half, half + 1, dtype=np.float32)
    return cv2.cartToPolar(*np.meshgrid(across - np.float32(x), across - np.float32(y)))


def _waves(depth: float, *, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return five rows of (amplitude, phase) for the second to the sixth wave of an outline."""
    amplitudes = depth * rng.normal(0, 1, 5) / np.sqrt(np.arange(1, 6))
    return np.stack((amplitudes, rng.uniform(0, 2 * np.pi, 5)), axis=1)


def _blob(
    polar: tuple[Plane, Plane], *, radius: float, waves: NDArray[np.float64], edge: float
) -> Plane:
    distance, angle = polar
    steps = np.linspace(0, 2 * np.pi, 181)
    outline = 1 + sum(
        amplitude * np.cos(k * steps + phase) for k, (amplitude, phase) in enumerate(waves, 2)
    )
    return _filled(distance, angle, outline=radius * outline, edge=edge)


def _filled(distance: Plane, angle: Plane, *, outline: NDArray[np.float64], edge: float) -> Plane:
    """Fill an outline given as 181 radii once around; its edge is `edge` pixels soft."""
    index = (angle * np.float32(180 / (2 * np.pi))).astype(np.int32)
    return np.clip((outline.astype(np.float32)[index] - distance) / np.float32(edge) + 0.5, 0, 1)


def _nucleus(
    look: WhiteCellLook,
    *,
    polar: tuple[Plane, Plane],
    radius: float,
    edge: float,
    cell: Plane,
    rng: np.random.Generator,
) -> Plane:
    steps = np.linspace(0, 2 * np.pi, 181)
    outline = np.ones_like(steps)
    for k, (amplitude, phase) in enumerate(_waves(look.irregularity, rng=rng), 2):
        outline += amplitude * np.cos(k * steps + phase)
    away = np.abs((steps - rng.uniform(0, 2 * np.pi) + np.pi) % (2 * np.pi) - np.pi)
    outline -= rng.uniform(*look.cleft) * np.exp(-((away / rng.uniform(0.22, 0.42)) ** 2))
    return np.minimum(_filled(*polar, outline=radius * outline, edge=edge), cell)


def _chromatin(
    look: WhiteCellLook, *, nucleus: Plane, scale: float, rng: np.random.Generator
) -> Plane:
    """Return the nuclear density: clumps of the class's size, darker along the membrane."""
    clumps = _noise(nucleus.shape, grain=rng.uniform(*look.grain) * scale, rng=rng)
    inner = cv2.GaussianBlur(nucleus, (0, 0), 0.55 * scale)
    membrane = np.float32(0.16) * np.clip(2 * (1 - inner), 0, 1)
    contrast = rng.uniform(*look.contrast)
    return np.float32(rng.uniform(*look.density)) * (1 + contrast * clumps + membrane)


def _nucleoli(
    look: WhiteCellLook,
    *,
    polar: tuple[Plane, Plane],
    radius: float,
    scale: float,
    rng: np.random.Generator,
) -> Plane:
    distance, angle = polar
    x, y = cv2.polarToCart(distance, angle)
    spots = np.zeros_like(distance)
    for _ in range(rng.integers(look.nucleoli[0], look.nucleoli[1] + 1)):
        away, where = radius * rng.uniform(0.1, 0.6), rng.uniform(0, 2 * np.pi)
        width = rng.uniform(0.9, 1.45) * scale
        squared = (x - away * np.cos(where)) ** 2 + (y - away * np.sin(where)) ** 2
        spots = np.maximum(spots, np.exp(-((squared / np.float32(width**2)) ** 2)))
    return spots


def _noise(shape: tuple[int, ...], *, grain: float, rng: np.random.Generator) -> Plane:
    """Return noise of mean 0 and deviation 1 whose specks are about `grain` pixels wide."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), max(grain / 2, 0.3))
    return (noise - noise.mean()) / (noise.std() + np.float32(1e-6))
