"""The frozen graph says what the network says."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import softmax

from hemaqueue.predictions.calibration import scores_uncalibrated
from inference_worker.engine import BATCH, Engine
from tests.inference_worker.making import noise


def test_scores_are_the_calibrated_softmax_of_the_logits(engine: Engine) -> None:
    pictures = noise(4)
    logits = engine.model.predict_on_batch(pictures.astype(np.float32))
    wanted = softmax(logits / engine.facts.temperature, axis=1)
    np.testing.assert_allclose(engine.answer(pictures).scores, wanted, atol=1e-5)


def test_the_platform_has_the_scores_before_calibration_back(engine: Engine) -> None:
    pictures = noise(4)
    wanted = softmax(engine.model.predict_on_batch(pictures.astype(np.float32)), axis=1)
    for scores, logits in zip(engine.answer(pictures).scores, wanted, strict=True):
        said = dict(zip(engine.facts.codes, map(float, scores), strict=True))
        found = scores_uncalibrated(said, temperature=engine.facts.temperature)
        assert found is not None
        np.testing.assert_allclose(list(found.values()), logits, rtol=1e-4)


def test_scores_sum_to_one(engine: Engine) -> None:
    sums = engine.answer(noise(9)).scores.sum(axis=1, dtype=np.float64)
    np.testing.assert_allclose(sums, 1, atol=1e-6)


def test_a_picture_alone_gets_the_answer_it_gets_in_company(engine: Engine) -> None:
    pictures = noise(7)
    together = engine.answer(pictures)
    for index in range(7):
        alone = engine.answer(pictures[index : index + 1])
        np.testing.assert_allclose(alone.scores[0], together.scores[index], atol=1e-5)
        np.testing.assert_allclose(alone.distances[0], together.distances[index], rtol=1e-4)


def test_covering_parts_takes_no_larger_call_than_classifying(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[int] = []

    def call(pictures: tf.Tensor) -> tuple[tf.Tensor, ...]:
        called.append(len(pictures))
        return frozen_call(pictures)

    frozen_call = engine._call
    monkeypatch.setattr(engine, "_call", call)
    assert engine.occluded(noise(1)[0], 0).max() == 1
    assert (sum(called), max(called)) == (37, BATCH)


def test_the_grid_is_small_and_between_zero_and_one(engine: Engine) -> None:
    grids = engine.answer(noise(3)).grids
    assert grids.dtype == np.float16
    assert grids.shape == (3, 2, 2)
    assert 0 <= grids.min() <= grids.max() <= 1
