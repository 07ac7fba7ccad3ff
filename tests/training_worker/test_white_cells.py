"""White cells can be taken out of a field, and the rest around them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training_worker.synthetic import draw_smear
from training_worker.white_cells import (
    on_other_ground,
    white_cell_mask,
    white_cells_only,
    without_white_cells,
)


@pytest.fixture
def field() -> np.ndarray:
    return draw_smear("Pro-B", size=224, rng=np.random.default_rng(3))


def test_the_mask_covers_some_of_the_field(field: np.ndarray) -> None:
    assert 0.01 < white_cell_mask(field).mean() < 0.5


def test_painted_over_cells_are_not_found_again(field: np.ndarray) -> None:
    assert white_cell_mask(without_white_cells(field)).mean() < 0.2 * white_cell_mask(field).mean()


def test_outside_the_cells_nothing_changes(field: np.ndarray) -> None:
    outside = ~white_cell_mask(field)
    assert np.array_equal(without_white_cells(field)[outside], field[outside])


def test_alone_the_cells_stand_on_an_even_ground(field: np.ndarray) -> None:
    inside = white_cell_mask(field)
    alone = white_cells_only(field)
    assert np.array_equal(alone[inside], field[inside])
    assert np.ptp(alone[~inside], axis=0).max() == 0


def test_a_field_without_white_cells_stays_as_it_is() -> None:
    blank = np.full((64, 64, 3), 230, np.uint8)
    assert np.array_equal(without_white_cells(blank), blank)


def test_cells_keep_their_looks_on_another_ground(field: np.ndarray) -> None:
    ground = np.full_like(field, (200, 230, 210))
    mixed = on_other_ground(field, ground)
    inside = cv2.erode(white_cell_mask(field).astype(np.uint8), np.ones((9, 9))).astype(bool)
    outside = cv2.dilate(white_cell_mask(field).astype(np.uint8), np.ones((9, 9))) == 0
    assert np.array_equal(mixed[inside], field[inside])
    assert np.array_equal(mixed[outside], ground[outside])
