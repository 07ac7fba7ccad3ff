"""A heatmap without energy, or of the edge alone, is called what it is."""

from __future__ import annotations

import numpy as np
import pytest

from hemaqueue.predictions.evidence import evidence_informs


def grid(side: int = 7, **at: float) -> np.ndarray:  # type: ignore[type-arg]
    made = np.full((side, side), at.get("ground", 0.0), dtype=np.float32)
    made[side // 2, side // 2] += at.get("middle", 0.0)
    made[0, :] += at.get("edge", 0.0)
    return made


@pytest.mark.parametrize(
    ("made", "informs"),
    [
        (grid(middle=1.0), True),
        (grid(middle=1.0, ground=0.05), True),
        (grid(), False),
        (grid(ground=-1.0), False),
        (grid(ground=0.5), False),
        (grid(edge=1.0), False),
        (grid(edge=1.0, middle=0.5), False),
        (grid(edge=0.1, middle=1.0), True),
    ],
)
def test_evidence_that_stands_out_within_the_picture_informs(
    made: np.ndarray,  # type: ignore[type-arg]
    informs: bool,
) -> None:
    assert evidence_informs(made) is informs
