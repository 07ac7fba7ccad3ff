"""The augmentation recipe: geometry, stain, light, focus; seeded, one picture at a time.

Stain is varied where it acts, in optical density: one 3 by 3 matrix takes RGB densities to
haematoxylin, eosin and residual (Ruifrok and Johnston 2001), scales them, and takes them
back. Hue, saturation and light are a second matrix on the picture itself. Colour nearly gives
the class away in the data at hand: without this a network learns the stain, not the cell.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.preprocessing import Picture
from inference_worker.stains import DENSITY, HED_FROM_OD, OD_FROM_HED

Matrix = NDArray[np.float32]

YIQ_FROM_RGB = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
RGB_FROM_YIQ = np.linalg.inv(YIQ_FROM_RGB)


@dataclass(frozen=True)
class Recipe:
    """How much each variation may do; shares are probabilities, the rest half-widths."""

    affine_share: float = 0.6
    rotation: float = 30.0  # degrees
    zoom: float = 0.15
    shift: float = 0.06  # of the side
    shear: float = 0.06
    stain_share: float = 0.8
    stain_scale: float = 0.35
    stain_offset: float = 0.05  # optical density
    colour_share: float = 0.8
    hue: float = 40.0  # degrees
    saturation: float = 0.5
    brightness: float = 0.30
    contrast: float = 0.15
    grey_share: float = 0.25
    blur_share: float = 0.25
    blur: float = 1.2  # pixels, largest sigma
    noise_share: float = 0.15
    noise: float = 6.0  # grey levels, largest sigma
    background_share: float = 0.0  # white cells on another picture's ground

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def augmented(picture: Picture, recipe: Recipe, random: np.random.Generator) -> Picture:
    """Return one variation of `picture`, of the same shape and type."""
    return varied(picture, recipe, random)[0]


def varied(
    picture: Picture, recipe: Recipe, random: np.random.Generator
) -> tuple[Picture, NDArray[np.float64]]:
    """Return one variation, and the 3 by 3 matrix that moved its pixels: (x, y, 1) before it."""
    moved, matrix = _turned(picture, random)
    if random.random() < recipe.affine_share:
        moved, step = _moved(moved, recipe, random)
        matrix = step @ matrix
    return _seen(moved, recipe, random), matrix


def _seen(varied: Picture, recipe: Recipe, random: np.random.Generator) -> Picture:
    """Vary stain, light and focus."""
    if random.random() < recipe.stain_share:
        varied = restained(varied, *_stain(recipe, random))
    if random.random() < recipe.grey_share:
        varied = recoloured(varied, saturation=0.0, **_light(recipe, random))
    elif random.random() < recipe.colour_share:
        varied = recoloured(varied, **_colour(recipe, random), **_light(recipe, random))
    if random.random() < recipe.blur_share:
        varied = cv2.GaussianBlur(varied, (0, 0), random.uniform(0.2, recipe.blur))
    if random.random() < recipe.noise_share:
        varied = noisy(varied, random.uniform(0, recipe.noise), random)
    return varied


def _turned(picture: Picture, random: np.random.Generator) -> tuple[Picture, NDArray[np.float64]]:
    """One of the eight symmetries of the square."""
    last, quarters = len(picture) - 1, int(random.integers(4))
    matrix = np.linalg.matrix_power(np.array([[0.0, 1, 0], [-1, 0, last], [0, 0, 1]]), quarters)
    turned = np.rot90(picture, quarters)
    if random.random() < 0.5:
        turned = turned[:, ::-1]
        matrix = np.array([[-1.0, 0, last], [0, 1, 0], [0, 0, 1]]) @ matrix
    return np.ascontiguousarray(turned), matrix


def _moved(
    picture: Picture, recipe: Recipe, random: np.random.Generator
) -> tuple[Picture, NDArray[np.float64]]:
    size = picture.shape[0]
    angle = random.uniform(-recipe.rotation, recipe.rotation)
    zoom = 1 + random.uniform(-recipe.zoom, recipe.zoom)
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), angle, zoom)
    matrix[:, 2] += random.uniform(-recipe.shift, recipe.shift, 2) * size
    shear = random.uniform(-recipe.shear, recipe.shear)
    matrix = matrix @ np.array([[1, shear, -shear * size / 2], [0, 1, 0], [0, 0, 1]])
    moved = cv2.warpAffine(
        picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return moved, np.vstack([matrix, [0, 0, 1]])


def _stain(recipe: Recipe, random: np.random.Generator) -> tuple[Matrix, Matrix]:
    scales = 1 + random.uniform(-recipe.stain_scale, recipe.stain_scale, 3)
    offsets = random.uniform(-recipe.stain_offset, recipe.stain_offset, 3)
    return scales.astype(np.float32), offsets.astype(np.float32)


def restained(picture: Picture, scales: Matrix, offsets: Matrix) -> Picture:
    """Return the picture with its three stains scaled, then shifted (optical density)."""
    matrix = OD_FROM_HED @ np.diag(scales) @ HED_FROM_OD
    affine = np.column_stack([matrix, OD_FROM_HED @ offsets]).astype(np.float32)
    density = cv2.transform(cv2.LUT(picture, DENSITY), affine)
    return cv2.convertScaleAbs(cv2.exp(-np.maximum(density, 0)), alpha=255.0)


def _colour(recipe: Recipe, random: np.random.Generator) -> dict[str, float]:
    return {
        "hue": random.uniform(-recipe.hue, recipe.hue),
        "saturation": 1 + random.uniform(-recipe.saturation, recipe.saturation),
    }


def _light(recipe: Recipe, random: np.random.Generator) -> dict[str, float]:
    return {
        "brightness": random.uniform(-recipe.brightness, recipe.brightness),
        "contrast": 1 + random.uniform(-recipe.contrast, recipe.contrast),
    }


def recoloured(
    picture: Picture,
    *,
    hue: float = 0.0,
    saturation: float = 1.0,
    brightness: float = 0.0,
    contrast: float = 1.0,
) -> Picture:
    """Return the picture with its hue turned (degrees) and saturation and light changed.

    Contrast acts around the middle of the range; brightness is a share of it.
    """
    cosine, sine = np.cos(np.radians(hue)), np.sin(np.radians(hue))
    turn = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
    turn[1:] *= saturation
    matrix = contrast * (RGB_FROM_YIQ @ turn @ YIQ_FROM_RGB)
    offset = np.full(3, 127.5 * (1 - contrast) + 255 * brightness)
    return cv2.transform(picture, np.column_stack([matrix, offset]).astype(np.float32))


def noisy(picture: Picture, sigma: float, random: np.random.Generator) -> Picture:
    """Return the picture with normal noise of `sigma` grey levels on every channel."""
    noise = np.float32(sigma) * random.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)
