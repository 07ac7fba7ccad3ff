"""White cells on another field's ground keep their label; the ground no longer tells it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training_worker.augmentation import Recipe
from training_worker.feeding import batches
from training_worker.samples import Pixels
from training_worker.synthetic import draw_smear
from training_worker.white_cells import on_other_ground, white_cell_mask

NAMES = ("Benign", "Pro-B")
EACH = 8
SIZE = 160
STILL = Recipe(affine_share=0, stain_share=0, colour_share=0, grey_share=0, blur_share=0,
               noise_share=0, background_share=1.0)  # fmt: skip


@pytest.fixture(scope="module")
def fields() -> Pixels:
    """Drawn smears whose ground goes with the class: everything but the cells is darker in one."""
    labels = np.tile([0, 1], EACH)
    pictures = []
    for seed, label in enumerate(labels):
        field = draw_smear(NAMES[label], size=SIZE, rng=np.random.default_rng(seed))
        dark = (field * 0.8).astype(np.uint8) if label else field
        pictures.append(np.where(white_cell_mask(field)[..., np.newaxis], field, dark))
    groups = np.array([str(seed) for seed in range(len(labels))])
    return Pixels(np.stack(pictures), labels.astype(np.int64), groups)


def ground_level(picture: np.ndarray) -> float:
    """Return the light along the rim, where few cells lie."""
    return float(np.median(np.concatenate([picture[:6].ravel(), picture[:, :6].ravel()])))


def bond(pictures: np.ndarray, labels: np.ndarray) -> float:
    """Return how surely the light of the ground names the class: 0.5 is chance, 1 is always."""
    levels = np.array([ground_level(picture) for picture in pictures])
    dark, light = levels[labels == 1], levels[labels == 0]
    return float(np.mean(dark[:, np.newaxis] < light))


def test_the_cells_stay_and_the_ground_is_the_others(fields: Pixels) -> None:
    picture, other = fields.pictures[0], fields.pictures[1]
    found = on_other_ground(picture, other)
    inside = white_cell_mask(picture)
    core = cv2.erode(inside.astype(np.uint8), np.ones((13, 13), np.uint8)).astype(bool)
    apart = ~cv2.dilate((inside | white_cell_mask(other)).astype(np.uint8),
                        np.ones((13, 13), np.uint8)).astype(bool)  # fmt: skip
    assert core.any()
    assert apart.any()
    assert np.abs(found[core].astype(int) - picture[core]).max() <= 1
    assert np.abs(found[apart].astype(int) - other[apart]).max() <= 1


def test_a_field_without_white_cells_keeps_its_ground(fields: Pixels) -> None:
    blank = np.full((SIZE, SIZE, 3), 230, np.uint8)
    assert np.array_equal(on_other_ground(blank, fields.pictures[0]), blank)


def test_the_bond_of_ground_and_class_breaks_and_the_labels_stay(fields: Pixels) -> None:
    assert bond(fields.pictures, fields.labels) > 0.95
    pictures, labels = [], []
    for epoch in range(4):
        for varied, named, _ in batches(fields, recipe=STILL, batch_size=4, seed=0, epoch=epoch):
            pictures.append(varied)
            labels.append(named)
    swapped, named = np.concatenate(pictures), np.concatenate(labels)
    assert np.bincount(named).tolist() == [4 * EACH, 4 * EACH]
    assert bond(swapped, named) < 0.75


def test_by_default_no_ground_is_swapped(fields: Pixels) -> None:
    assert Recipe().background_share == 0
    still = Recipe(**(STILL.to_json() | {"background_share": 0.0}))
    pictures, *_ = next(batches(fields, recipe=still, batch_size=16, seed=0, epoch=0))
    sums = sorted(picture.astype(np.int64).sum() for picture in pictures)
    assert sums == sorted(picture.astype(np.int64).sum() for picture in fields.pictures)
