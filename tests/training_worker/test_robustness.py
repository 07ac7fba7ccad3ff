"""Disturbances grow with their strength; a network is charged with what it loses to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from inference_worker.preprocessing import Picture
from tests.training_worker.drawing import draw
from training_worker.robustness import DISTURBANCES, robustness
from training_worker.shortcuts import with_colours_of

PICTURES = [draw(label, seed=seed, size=224) for seed in range(4) for label in (0, 3)]
LABELS = np.array([0, 1] * 4)


def by_light(pictures: Sequence[Picture]) -> np.ndarray:
    """Name a picture dark by its mean: light alone decides."""
    return np.array([int(picture.mean() < LIMIT) for picture in pictures])


LIMIT = (PICTURES[0].mean() + PICTURES[1].mean()) / 2


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_stronger_disturbance_changes_more(name: str) -> None:
    gaps = [
        np.mean(
            [
                np.abs(shift(one, np.random.default_rng(i)).astype(int) - one).mean()
                for i, one in enumerate(PICTURES)
            ]
        )
        for _, shift in DISTURBANCES[name]
    ]
    assert 0 < gaps[0] < gaps[1] < gaps[2]


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_keeps_shape_and_type(name: str) -> None:
    for _, shift in DISTURBANCES[name]:
        found = shift(PICTURES[0], np.random.default_rng(0))
        assert (found.shape, found.dtype) == (PICTURES[0].shape, np.uint8)


def test_what_goes_by_light_loses_to_light_and_not_to_turning() -> None:
    truth = by_light(PICTURES)
    found = robustness(by_light, PICTURES, truth, codes=["light", "dark"])
    assert set(found) == {"blur", "noise", "brightness", "stain", "jpeg", "rotation"}
    assert found["brightness"][2]["largest_drop"] > 0.2
    assert found["blur"][0]["accuracy"] == 1.0
    assert found["blur"][0]["recall_drop"] == {"light": 0.0, "dark": 0.0}


def test_a_class_that_does_not_occur_loses_nothing() -> None:
    row = robustness(by_light, PICTURES, by_light(PICTURES), codes=["a", "b", "c"])["jpeg"][0]
    assert row["recall"]["c"] is None
    assert row["recall_drop"]["c"] is None


def test_a_picture_takes_the_colours_and_keeps_its_shapes() -> None:
    reddish = np.clip(PICTURES[1] * (1.0, 0.6, 0.6), 0, 255).astype(np.uint8)
    found = with_colours_of(reddish, PICTURES[0])
    assert np.abs(found.mean((0, 1)) - reddish.mean((0, 1))).max() < 12
    before, after = (one.mean(-1).ravel() for one in (PICTURES[0], found))
    assert np.corrcoef(before, after)[0, 1] > 0.8
