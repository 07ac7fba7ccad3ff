"""What the size of a cell gives away is told apart from what the network knows beyond it."""

from __future__ import annotations

import numpy as np
import pytest

from training_worker.cell_area import area_figures, areas_of

MALIGNANT = np.array([True, True, False, False])


def test_the_area_is_the_share_that_is_not_black() -> None:
    picture = np.zeros((10, 10, 3), np.uint8)
    picture[:5, :4, 1] = 200
    assert areas_of([picture]) == pytest.approx([0.2])


def test_a_network_that_knows_the_area_alone_knows_nothing_beyond() -> None:
    areas = np.array([0.3, 0.2, 0.2, 0.1])
    found = area_figures(areas, areas, MALIGNANT)
    assert found["auroc"] == 0.875
    assert (found["beyond"], found["pairs"]) == (0.5, 1)


def test_what_it_knows_beyond_shows_among_cells_of_equal_size() -> None:
    areas = np.full(4, 0.2)
    found = area_figures(areas, np.array([0.9, 0.4, 0.6, 0.1]), MALIGNANT)
    assert (found["auroc"], found["beyond"], found["pairs"]) == (0.5, 0.75, 4)


def test_without_cells_of_equal_size_nothing_is_said() -> None:
    areas = np.array([0.4, 0.3, 0.2, 0.1])
    assert area_figures(areas, areas, MALIGNANT)["beyond"] is None
