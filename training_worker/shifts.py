"""Versions of a picture as another laboratory might have stained or stored it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from inference_worker.preprocessing import Picture
from training_worker.augmentation import recoloured, restained
from training_worker.white_cells import white_cells_only, without_white_cells

Shift = Callable[[Picture, np.random.Generator], Picture]

STAIN_STRENGTHS = (1, 2, 3)
HUE_STEP = 12.0  # degrees
DENSITY_STEP = 0.12  # of a stain's optical density
SATURATION_STEP = 0.12


def grey(picture: Picture, random: np.random.Generator) -> Picture:
    return recoloured(picture, saturation=0.0)


def stain_shift(strength: int) -> Shift:
    """Return a shift of hue, saturation and every stain's density, each up or down by chance."""

    def shift(picture: Picture, random: np.random.Generator) -> Picture:
        signs = random.choice((-1.0, 1.0), 5) * strength
        scales = (1 + DENSITY_STEP * signs[:3]).astype(np.float32)
        stained = restained(picture, scales, np.zeros(3, np.float32))
        return recoloured(
            stained, hue=HUE_STEP * signs[3], saturation=1 + SATURATION_STEP * signs[4]
        )

    return shift


def unchanged(picture: Picture, random: np.random.Generator) -> Picture:
    return picture


def removed(picture: Picture, random: np.random.Generator) -> Picture:
    return without_white_cells(picture)


def alone(picture: Picture, random: np.random.Generator) -> Picture:
    return white_cells_only(picture)


SHIFTS: dict[str, Shift] = {
    "unchanged": unchanged,
    "grey_scale": grey,
    "white_cells_removed": removed,
    "white_cells_alone": alone,
} | {f"stain_shift_{strength}": stain_shift(strength) for strength in STAIN_STRENGTHS}


def shifted(pictures: Iterable[Picture], shift: Shift) -> list[Picture]:
    """Return every picture shifted; the same picture in the same place shifts the same way."""
    return [
        shift(picture, np.random.default_rng([0, index])) for index, picture in enumerate(pictures)
    ]
