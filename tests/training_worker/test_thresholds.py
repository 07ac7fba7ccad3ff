"""Temperature and thresholds do what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from training_worker.thresholds import (
    abstain_threshold,
    decision_threshold,
    fitted_temperature,
    strangeness_threshold,
)

RANDOM = np.random.default_rng(0)


def test_the_temperature_that_was_put_in_is_found() -> None:
    logits = RANDOM.normal(0, 2, (4000, 4))
    scores = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    labels = np.array([RANDOM.choice(4, p=row) for row in scores])
    assert fitted_temperature(3 * logits, labels) == pytest.approx(3, rel=0.1)


def test_the_decision_keeps_the_wanted_sensitivity() -> None:
    malignant = np.arange(1000) < 800
    scores = np.where(malignant, RANDOM.beta(8, 2, 1000), RANDOM.beta(2, 8, 1000))
    threshold = decision_threshold(scores, malignant, wanted=0.99)
    assert np.mean(scores[malignant] >= threshold) >= 0.99
    assert np.mean(scores[~malignant] < threshold) > 0.5


def test_a_clear_gap_is_decided_in_its_middle_or_below() -> None:
    scores = np.array([0.02, 0.10, 0.70, 0.99])
    assert decision_threshold(scores, np.array([0, 0, 1, 1], bool)) == pytest.approx(0.4)
    assert decision_threshold(np.array([0.9, 1.0]), np.array([0, 1], bool)) == 0.5


def test_few_pictures_are_uncertain() -> None:
    confidences = RANDOM.uniform(0.6, 1, 1000)
    correct = RANDOM.random(1000) < confidences
    threshold = abstain_threshold(confidences, correct)
    assert threshold >= 0.5
    assert np.mean(confidences < threshold) <= 0.051


def test_one_in_a_hundred_is_strange() -> None:
    distances = RANDOM.gamma(9, 1, 5000)
    assert np.mean(distances > strangeness_threshold(distances)) == pytest.approx(0.01, abs=0.002)
