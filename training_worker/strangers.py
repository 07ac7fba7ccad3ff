"""How strange a network finds what it was not made for: drawn pictures, and folders of others.

Blank slides, drawn tissue (haematoxylin and eosin, cells side by side) and drawn everyday
textures are at hand everywhere; real pictures of other kinds come from folders.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from inference_worker.engine import Engine
from inference_worker.preprocessing import Picture
from jobcontract.imaging import canonical_picture
from training_worker.answering import answers_for
from training_worker.samples import SUFFIXES, NoPictures

DRAWN, SIDE, MOST = 40, 224, 400
Distances = NDArray[np.floating[Any]]


def strangers(engine: Engine, own: Distances, folders: Iterable[Path] = ()) -> dict[str, Any]:
    """Return for each kind of strangers how many, their AUROC against `own`, the share flagged.

    Args:
        engine: The bundle as it serves.
        own: Distances of the pictures that it was made for.
        folders: Pictures of other kinds, of any depth; at most MOST of each are taken.

    Raises:
        NoPictures: a folder has none.
    """
    random = np.random.default_rng(0)
    kinds = {one.__name__[1:]: [one(random) for _ in range(DRAWN)] for one in DRAWINGS}
    kinds |= {folder.name: pictures_in(folder) for folder in folders}
    return {name: _figures(engine, own, pictures) for name, pictures in kinds.items()}


def _figures(engine: Engine, own: Distances, pictures: Sequence[Picture]) -> dict[str, Any]:
    far = answers_for(engine, pictures).distances
    truth = np.repeat([0, 1], [len(own), len(far)])
    limit = engine.facts.thresholds.out_of_distribution
    return {
        "n": len(far),
        "auroc": float(roc_auc_score(truth, np.concatenate([own, far]))),
        "flagged": float(np.mean(far > limit)),
    }


def pictures_in(folder: Path) -> list[Picture]:
    """Return at most MOST canonical pictures of a folder, evenly taken from all by path."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not files:
        raise NoPictures(f"Pictures were expected in {folder}")
    taken = np.linspace(0, len(files) - 1, min(len(files), MOST)).round().astype(int)
    return [canonical_picture(files[index].read_bytes()) for index in taken]


def _blank(random: np.random.Generator) -> Picture:
    return np.full((SIDE, SIDE, 3), random.integers(150, 255, 3), np.uint8)


def _tissue(random: np.random.Generator) -> Picture:
    """Pink ground with fibres, and dark nuclei side by side everywhere."""
    fibres = cv2.GaussianBlur(_noise(random), (0, 0), sigmaX=9, sigmaY=2) * 220
    picture = np.clip(np.array([224, 150, 190]) + fibres[..., None], 0, 255).astype(np.uint8)
    for x, y in random.integers(0, SIDE, (random.integers(90, 160), 2)).tolist():
        axes = tuple(random.integers(4, 9, 2).tolist())
        colour = (random.normal([96, 60, 130], 10)).clip(0, 255).tolist()
        cv2.ellipse(picture, (x, y), axes, float(random.uniform(0, 180)), 0, 360, colour, -1)
    return cv2.GaussianBlur(picture, (0, 0), 1.0)


def _texture(random: np.random.Generator) -> Picture:
    """Fur, grass, walls: noise of all scales, each colour channel alike, in any colour."""
    layers = np.zeros((SIDE, SIDE), np.float32)
    for sigma in (1, 3, 8, 24):
        noise = cv2.GaussianBlur(_noise(random), (0, 0), sigma)
        layers += noise / noise.std()
    colour = random.integers(40, 216, 3)
    return np.clip(colour + 22 * layers[..., None], 0, 255).astype(np.uint8)


def _noise(random: np.random.Generator) -> NDArray[np.float32]:
    return random.normal(0, 1, (SIDE, SIDE)).astype(np.float32)


DRAWINGS = (_blank, _tissue, _texture)
