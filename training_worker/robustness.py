"""The robustness suite: what a weaker microscope, camera or file does, at three strengths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.preprocessing import Picture
from training_worker.augmentation import noisy, recoloured
from training_worker.shifts import STAIN_STRENGTHS, Shift, shifted, stain_shift

Named = NDArray[np.int64]

BLUR = (0.8, 1.6, 2.4)  # sigma in pixels of a field of 224
NOISE = (5.0, 10.0, 20.0)  # sigma in grey levels
LIGHT = (0.1, 0.2, 0.3)  # of the range, up or down by chance
JPEG = (70, 40, 20)  # quality
TURN = (10.0, 20.0, 30.0)  # degrees, to either side by chance
FIELD = 224


def blurred(sigma: float) -> Shift:
    def shift(picture: Picture, random: np.random.Generator) -> Picture:
        return cv2.GaussianBlur(picture, (0, 0), sigma * min(picture.shape[:2]) / FIELD)

    return shift


def with_noise(sigma: float) -> Shift:
    def shift(picture: Picture, random: np.random.Generator) -> Picture:
        return noisy(picture, sigma, random)

    return shift


def lighter_or_darker(share: float) -> Shift:
    def shift(picture: Picture, random: np.random.Generator) -> Picture:
        return recoloured(picture, brightness=share * random.choice((-1.0, 1.0)))

    return shift


def compressed(quality: int) -> Shift:
    def shift(picture: Picture, random: np.random.Generator) -> Picture:
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        packed = cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
        return cv2.cvtColor(cv2.imdecode(packed, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)

    return shift


def turned(degrees: float) -> Shift:
    def shift(picture: Picture, random: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        angle = degrees * random.choice((-1.0, 1.0))
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)

    return shift


DISTURBANCES: dict[str, Sequence[tuple[float, Shift]]] = {
    "blur": [(sigma, blurred(sigma)) for sigma in BLUR],
    "noise": [(sigma, with_noise(sigma)) for sigma in NOISE],
    "brightness": [(share, lighter_or_darker(share)) for share in LIGHT],
    "stain": [(float(strength), stain_shift(strength)) for strength in STAIN_STRENGTHS],
    "jpeg": [(float(quality), compressed(quality)) for quality in JPEG],
    "rotation": [(degrees, turned(degrees)) for degrees in TURN],
}
"""By name, the setting and the shift of each strength, the mildest first."""


def robustness(
    name_all: Callable[[Sequence[Picture]], Named],
    pictures: Sequence[Picture],
    labels: Named,
    *,
    codes: Sequence[str],
) -> dict[str, list[dict[str, Any]]]:
    """Return accuracy and each class's recall under every disturbance, and what was lost.

    Args:
        name_all: Returns the index of the class named for each picture.
        pictures: Canonical pictures.
        labels: Their classes, as indices of `codes`.
        codes: The classes.
    """
    before = recalls(labels, name_all(pictures), codes=codes)
    return {
        name: [
            {"strength": number, "setting": setting}
            | _row(before, labels, name_all(shifted(pictures, shift)), codes=codes)
            for number, (setting, shift) in enumerate(strengths, start=1)
        ]
        for name, strengths in DISTURBANCES.items()
    }


def _row(
    before: dict[str, float | None], labels: Named, named: Named, *, codes: Sequence[str]
) -> dict[str, Any]:
    after = recalls(labels, named, codes=codes)
    drops = {code: _difference(before[code], after[code]) for code in codes}
    return {
        "accuracy": float(np.mean(labels == named)),
        "recall": after,
        "recall_drop": drops,
        "largest_drop": max((drop for drop in drops.values() if drop is not None), default=None),
    }


def recalls(labels: Named, named: Named, *, codes: Sequence[str]) -> dict[str, float | None]:
    """Return each class's recall; None for a class that does not occur."""
    return {
        code: float(np.mean(named[labels == index] == index)) if np.any(labels == index) else None
        for index, code in enumerate(codes)
    }


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else before - after
