"""White cells are found by their nuclei and measured; a part that matters shows when covered."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inference_worker.networks.rank_ensemble import WORST_RANK, fused
from inference_worker.occlusion import occlusion
from inference_worker.regions import outlined, regions

GROUND, PURPLE, BLUE = (235, 215, 225), (90, 40, 140), (196, 190, 222)


@pytest.fixture
def field() -> np.ndarray:
    """Two touching round nuclei on the left, one with a rim of cytoplasm on the right."""
    picture = np.full((200, 200, 3), GROUND, np.uint8)
    cv2.circle(picture, (150, 100), 28, BLUE, -1)
    for x, y in ((50, 80), (50, 118), (150, 100)):
        cv2.circle(picture, (x, y), 20, PURPLE, -1)
    return picture


def test_touching_nuclei_are_parted(field: np.ndarray) -> None:
    assert len(regions(field)) == 3


def test_a_region_is_measured(field: np.ndarray) -> None:
    right = regions(field)[-1]
    assert right.nucleus_area == pytest.approx(np.pi * 20**2 / 200**2, rel=0.15)
    assert right.roundness > 0.8
    assert right.cell_area > 1.3 * right.nucleus_area
    np.testing.assert_allclose(right.cell, (122 / 200, 72 / 200, 179 / 200, 129 / 200), atol=0.02)


def test_outlines_are_ground_cytoplasm_and_nucleus(field: np.ndarray) -> None:
    found = outlined(field)
    assert (found[10, 10], found[100, 150], found[100, 175]) == (0, 2, 1)


@pytest.mark.parametrize("level", [0, 230])
def test_an_empty_field_has_no_regions(level: int) -> None:
    assert regions(np.full((64, 64, 3), level, np.uint8)) == []


def test_a_cell_cut_out_on_black_is_what_is_lit() -> None:
    picture = np.zeros((200, 200, 3), np.uint8)
    cv2.circle(picture, (100, 90), 40, BLUE, -1)
    cv2.circle(picture, (100, 90), 36, PURPLE, -1)
    (only,) = regions(picture)
    assert only.cell_area == pytest.approx(np.pi * 40**2 / 200**2, rel=0.05)
    assert only.nucleus_share == pytest.approx(36**2 / 40**2, abs=0.08)
    assert only.roundness > 0.8
    assert (outlined(picture)[90, [100, 138, 180]] == [2, 1, 0]).all()


def test_a_field_in_the_round_view_of_a_microscope_is_no_cut_out(field: np.ndarray) -> None:
    round_view = np.zeros_like(field)
    cv2.circle(round_view, (100, 100), 98, (1, 1, 1), -1)
    assert len(regions(field * round_view)) == 3


def test_covering_what_matters_costs_the_score() -> None:
    def scores(pictures: np.ndarray) -> np.ndarray:
        bright = pictures[:, :6, :6].mean(axis=(1, 2, 3)) / 255
        return np.column_stack([bright, 1 - bright]).astype(np.float32)

    picture = np.zeros((36, 36, 3), np.uint8)
    picture[:6, :6] = 250
    grid = occlusion(scores, picture, class_index=0)
    assert grid.shape == (6, 6)
    assert grid[0, 0] == 1
    assert grid.sum() == pytest.approx(1, abs=1e-5)


def test_ranks_are_fused_as_published() -> None:
    members = np.array([[[0.7, 0.2, 0.1], [0.4, 0.5, 0.1]]], np.float32)

    def rank(confidence: float) -> float:
        return 1 - np.exp(-np.exp(-2 * confidence))

    wanted = [
        (rank(0.7) + rank(0.4)) * (1 - (0.7 + 0.4) / 2),
        (rank(0.2) + rank(0.5)) * (1 - (0.2 + 0.5) / 2),
        2 * WORST_RANK,
    ]
    np.testing.assert_allclose(fused(members, top=2).numpy()[0], -np.log(wanted), rtol=1e-4)
