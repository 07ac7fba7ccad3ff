"""Draws blood smears, for demonstrations and tests without a patient's image.

    python -m training_worker.synthetic OUT --per-class 20 --seed 7 --size 320

Procedural pictures of NumPy and OpenCV: a layer of red cells, platelets, and one to four white
cells of one class. Each bears the word SYNTHETIC. They are no model of disease; a network that
tells them apart has learned to see shape and texture, nothing more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.classes import class_code
from training_worker import synthetic_optics as optics
from training_worker import synthetic_red_cells as red
from training_worker.synthetic_white_cells import LOOKS, WhiteCellLook, white_cell

FIELD = 80.0
FOLDERS = {"benign": "Benign", "early_pre_b": "Early", "pre_b": "Pre", "pro_b": "Pro"}
FORMATS = ("jpg", "png", "tif")


def draw_smear(label: str, *, size: int = 320, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw one field, about 80 micrometres wide, with white cells of one class.

    Args:
        label: A class by any of its names: `pre_b`, `Pre-B`, `Pre`, …
        size: Pixels a side, 64 or more.
        rng: Source of everything drawn by chance; the same state draws the same picture.

    Returns:
        uint8 RGB of shape `(size, size, 3)`.
    """
    if size < 64:
        raise ValueError(f"A smear has 64 pixels a side or more. Received: {size}")
    scale = size / FIELD * rng.uniform(0.92, 1.08)
    dyes = np.zeros((size, size, 3), np.float32)
    cover = _white_cells(dyes, look=LOOKS[class_code(label)], scale=scale, rng=rng)
    red.red_cells(dyes, cover=cover, scale=scale, rng=rng)
    red.platelets(dyes, scale=scale, rng=rng)
    if rng.random() < 0.2:
        red.smudge(dyes, scale=scale, rng=rng)
    picture = optics.photographed(dyes, scale=scale, rng=rng)
    optics.mark(picture)
    return picture


def write_folder(
    root: Path, *, per_class: int, seed: int, size: int = 320, format: str = "jpg"
) -> list[Path]:
    """Write `root/Benign/0000.jpg` and so on, and return the paths, class by class.

    Each picture has a seed of its own, so a larger folder begins with the smaller one's pictures.
    """
    paths = []
    for number, (label, folder) in enumerate(FOLDERS.items()):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for index in range(per_class):
            rng = np.random.default_rng((seed, number, index))
            picture = draw_smear(label, size=size, rng=rng)
            paths.append(root / folder / f"{index:04d}.{format}")
            _write(paths[-1], picture)
    return paths


def _white_cells(
    dyes: NDArray[np.float32], *, look: WhiteCellLook, scale: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw one to four cells that do not overlap much; return how they cover the field."""
    size = len(dyes)
    cover = np.zeros((size, size), np.float32)
    margin = min(7 * scale, size / 2 - 1)
    placed: list[NDArray[np.float64]] = []
    for _ in range(rng.integers(1, 5)):
        place = rng.uniform(margin, size - margin, 2)
        if any(np.hypot(*(place - other)) < look.diameter[1] * scale for other in placed):
            continue
        placed.append(place)
        densities, body = white_cell(look, scale=scale, rng=rng)
        x, y = int(place[0]), int(place[1])
        for dye in range(3):
            red.stamp(dyes[..., dye], densities[..., dye], x=x, y=y)
        red.stamp(cover, body, x=x, y=y)
    return np.minimum(cover, 1)


def _write(path: Path, picture: NDArray[np.uint8]) -> None:
    options = (cv2.IMWRITE_JPEG_QUALITY, 92) if path.suffix == ".jpg" else ()
    done, encoded = cv2.imencode(path.suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise ValueError(f"No file could be made. Received: {path.suffix}")
    path.write_bytes(encoded.tobytes())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Draw synthetic blood smears into a folder.")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--per-class", type=int, default=20, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--size", type=int, default=320, metavar="PIXELS")
    parser.add_argument("--format", choices=FORMATS, default="jpg")
    asked = parser.parse_args(arguments)
    paths = write_folder(
        asked.out,
        per_class=asked.per_class,
        seed=asked.seed,
        size=asked.size,
        format=asked.format,
    )
    sys.stdout.write(f"{len(paths)} pictures in {asked.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
