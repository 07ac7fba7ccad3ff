"""How unlike the training pictures a picture is: Mahalanobis distance of pooled features.

Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples and
Adversarial Attacks", NeurIPS 2018, equations 1 and 2: one mean per class, one covariance for
all. Soft-max confidence does not see a blank or a foreign picture; this does.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from inference_worker.bundle import Arrays

LEAST_SPREAD = 1e-8
"""Variance that every direction has at least: features that are all alike have none."""

MEANS = "class_means"
WHITENING = "whitening"


def feature_statistics(
    features: NDArray[np.float32], labels: NDArray[np.int64], *, classes: int, shrinkage: float
) -> Arrays:
    """Return what `strangeness` needs, measured on training pictures.

    Args:
        features: Pooled features of shape `(n, d)`.
        labels: Class of each row.
        classes: Number of classes.
        shrinkage: Share of the mean variance that is laid on every direction: with few
            pictures, the directions that hardly vary are known badly.
    """
    means = np.stack([features[labels == index].mean(0) for index in range(classes)])
    centred = (features - means[labels]).astype(np.float64)
    covariance = centred.T @ centred / len(centred)
    spread = np.trace(covariance) / len(covariance)
    covariance += max(shrinkage * spread, LEAST_SPREAD) * np.eye(len(covariance))
    whitening = np.linalg.inv(np.linalg.cholesky(covariance)).T / np.sqrt(len(covariance))
    return {MEANS: means.astype(np.float32), WHITENING: whitening.astype(np.float32)}


def strangeness(features: tf.Tensor, statistics: Arrays) -> tf.Tensor:
    """Return the distance to the nearest class, about 1 for a picture of the training set.

    Args:
        features: Tensor of shape `(n, d)`.
        statistics: What `feature_statistics` returned.

    Returns:
        Tensor of shape `(n,)`.
    """
    white = tf.matmul(features, statistics[WHITENING])
    centres = tf.matmul(statistics[MEANS], statistics[WHITENING])
    gaps = white[:, tf.newaxis, :] - centres[tf.newaxis, :, :]
    return tf.sqrt(tf.reduce_min(tf.reduce_sum(gaps**2, axis=2), axis=1))


def distances(features: NDArray[np.float32], statistics: Arrays) -> NDArray[np.float32]:
    """Return `strangeness` outside a graph."""
    return strangeness(tf.constant(features), statistics).numpy()
