"""Small labelled folders for the tests: one colour and one shape for each class."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from training_worker.samples import Pixels

FOLDERS = ("Benign", "Early", "Pre", "Pro")


def draw(label: int, *, seed: int, size: int = 48) -> np.ndarray:
    """Draw a field of dots on a light ground: the class decides how many and how large."""
    random = np.random.default_rng([label, seed])
    picture = np.full((size, size, 3), random.integers(200, 255, 3), np.uint8)
    for x, y in random.integers(6, size - 6, (2 + 5 * (label % 2), 2)):
        colour = tuple(map(int, random.integers(40, 120, 3)))
        cv2.circle(picture, (int(x), int(y)), 3 + 5 * (label // 2), colour, -1)
    return picture


def write_folders(root: Path, *, per_class: int, seed: int = 0, size: int = 48) -> Path:
    for label, name in enumerate(FOLDERS):
        (root / name).mkdir(parents=True)
        for index in range(per_class):
            picture = draw(label, seed=1000 * seed + index, size=size)
            cv2.imwrite(str(root / name / f"{index:03}.png"), picture)
    return root


def pixels(per_class: int, *, seed: int = 0, size: int = 32) -> Pixels:
    labels = np.repeat(np.arange(4), per_class)
    pictures = [
        draw(int(label), seed=1000 * seed + index, size=size) for index, label in enumerate(labels)
    ]
    groups = np.array([f"g{index}" for index in range(len(labels))])
    return Pixels(np.stack(pictures), labels, groups)
