"""Variations change the stain and the place, not the cell; the seed decides."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training_worker.drawing import draw
from training_worker.augmentation import Recipe, augmented, recoloured, restained
from training_worker.shifts import grey, stain_shift

PICTURE = draw(3, seed=1, size=64)
NONE = np.zeros(3, np.float32)
ONES = np.ones(3, np.float32)


def varied(seed: int, recipe: Recipe | None = None) -> np.ndarray:
    return augmented(PICTURE, recipe or Recipe(), np.random.default_rng(seed))


def test_the_same_seed_gives_the_same_variation() -> None:
    assert np.array_equal(varied(4), varied(4))
    assert not np.array_equal(varied(4), varied(5))


def test_a_variation_keeps_shape_and_type() -> None:
    for seed in range(20):
        assert (varied(seed).shape, varied(seed).dtype) == (PICTURE.shape, np.uint8)


def test_an_empty_recipe_only_turns_and_mirrors() -> None:
    still = Recipe(affine_share=0, stain_share=0, colour_share=0, grey_share=0, blur_share=0,
                   noise_share=0)  # fmt: skip
    assert all(
        np.array_equal(np.sort(varied(seed, still), axis=None), np.sort(PICTURE, axis=None))
        for seed in range(8)
    )


def test_unchanged_stains_change_nothing() -> None:
    assert np.abs(restained(PICTURE, ONES, NONE).astype(int) - PICTURE).max() <= 1
    assert np.abs(recoloured(PICTURE).astype(int) - PICTURE).max() <= 1


def test_more_stain_is_darker() -> None:
    assert restained(PICTURE, 1.5 * ONES, NONE).mean() < PICTURE.mean()


def test_without_saturation_the_channels_are_equal() -> None:
    bare = grey(PICTURE, np.random.default_rng(0))
    assert np.ptp(bare.astype(int), axis=-1).max() <= 1


@pytest.mark.parametrize("seed", range(3))
def test_a_stronger_shift_changes_more(seed: int) -> None:
    gaps = [
        np.abs(stain_shift(s)(PICTURE, np.random.default_rng(seed)).astype(int) - PICTURE).mean()
        for s in (1, 2, 3)
    ]
    assert gaps == sorted(gaps)
