"""Scores before calibration, from those that are stored."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from hemaqueue.predictions.calibration import scores_uncalibrated

LEAST = 0.2  # the lowest temperature that calibration chooses


@pytest.mark.parametrize("temperature", [LEAST, 0.388, 1.0, 1.5, 5.0])
@pytest.mark.parametrize(
    "logits", [(0.3, 0.1, -0.2, 0.0), (9.0, -4.0, 0.5, 1.0), (0.0, -60.0, -1.0, 30.0)]
)
def test_what_single_precision_stores_gives_the_softmax_of_the_logits(
    logits: tuple[float, ...], temperature: float
) -> None:
    stored = softmax(np.array(logits, np.float32) / np.float32(temperature))
    said = dict(zip("abcd", map(float, stored), strict=True))
    found = scores_uncalibrated(said, temperature=temperature)
    assert found is not None
    np.testing.assert_allclose(list(found.values()), softmax(logits), rtol=1e-5, atol=3e-8)
    assert sum(found.values()) == pytest.approx(1)


def test_a_score_that_was_too_small_to_store_stays_nought() -> None:
    found = scores_uncalibrated({"a": 1.0, "b": 0.0}, temperature=LEAST)
    assert found == {"a": 1.0, "b": 0.0}


@pytest.mark.parametrize(("scores", "temperature"), [({"a": 1.0}, None), ({}, 1.3)])
def test_without_a_temperature_or_scores_there_is_nothing_to_say(
    scores: dict[str, float], temperature: float | None
) -> None:
    assert scores_uncalibrated(scores, temperature=temperature) is None
