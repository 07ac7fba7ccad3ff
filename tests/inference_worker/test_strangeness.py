"""What is far from every class is strange."""

from __future__ import annotations

import numpy as np
import pytest

from inference_worker.strangeness import distances, feature_statistics


@pytest.fixture
def features() -> np.ndarray:
    random = np.random.default_rng(0)
    labels = np.arange(400) % 2
    return (random.normal(size=(400, 6)) + 8 * labels[:, None]).astype(np.float32)


def test_the_training_pictures_lie_about_one_away(features: np.ndarray) -> None:
    found = feature_statistics(features, np.arange(400) % 2, classes=2, shrinkage=0.0)
    assert np.sqrt(np.mean(distances(features, found) ** 2)) == pytest.approx(1, abs=0.05)


def test_the_distance_is_mahalanobis_to_the_nearest_class(features: np.ndarray) -> None:
    mixed = features @ np.random.default_rng(1).normal(size=(6, 6)).astype(np.float32)
    labels = np.arange(400) % 2
    means = np.stack([mixed[labels == one].mean(0) for one in range(2)])
    inverse = np.linalg.inv(np.cov((mixed - means[labels]).T, bias=True))
    gaps = mixed[:9, None] - means
    wanted = np.sqrt(np.einsum("nci,ij,ncj->nc", gaps, inverse, gaps).min(1) / 6)
    found = feature_statistics(mixed, labels, classes=2, shrinkage=0.0)
    assert distances(mixed[:9], found) == pytest.approx(wanted, rel=1e-3)


def test_between_two_classes_is_strange(features: np.ndarray) -> None:
    found = feature_statistics(features, np.arange(400) % 2, classes=2, shrinkage=0.0)
    between = np.full((1, 6), 4, np.float32)
    assert distances(between, found)[0] > distances(features, found).max()


def test_features_that_are_all_alike_have_finite_distances() -> None:
    features = np.ones((40, 6), np.float32)
    found = feature_statistics(features, np.arange(40) % 2, classes=2, shrinkage=0.1)
    assert distances(features, found).max() == 0
    assert np.isfinite(distances(features + 1, found)).all()
