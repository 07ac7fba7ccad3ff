"""Fits the support vector machine of `deep_svm` on the learned features, as one dense layer."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_selection import f_classif
from sklearn.svm import LinearSVC

from training_worker.samples import Pixels

BATCH = 64


def fit_machine(
    model: keras.Model, lessons: Pixels, *, kept: float, penalty: float, seed: int
) -> None:
    """Replace the head by a linear machine, one class against the others.

    The features with the largest F of an analysis of variance are kept. Calibration comes
    later, as for every network.
    """
    probe = keras.Model(model.inputs, model.get_layer("pooled").output)
    parts = [
        probe.predict_on_batch(lessons.pictures[i : i + BATCH].astype(np.float32))
        for i in range(0, len(lessons), BATCH)
    ]
    features = np.concatenate(parts).astype(np.float64)
    classes = model.get_layer("logits").kernel.shape[1]
    head = machine(features, lessons.labels, classes=classes, kept=kept, penalty=penalty, seed=seed)
    model.get_layer("logits").set_weights([one.astype(np.float16) for one in head])


def machine(
    features: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    classes: int,
    kept: float,
    penalty: float,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return kernel `(d, classes)` and bias of the machine for features as they are."""
    mean, deviation = features.mean(0), features.std(0)
    varies = np.flatnonzero(deviation > 1e-6)
    worth = np.nan_to_num(f_classif(features[:, varies], labels)[0])
    chosen = varies[np.argsort(-worth)[: max(round(kept * len(varies)), 1)]]
    standard = (features[:, chosen] - mean[chosen]) / deviation[chosen]
    fitted = LinearSVC(C=penalty, class_weight="balanced", random_state=seed, max_iter=20_000)
    fitted.fit(standard, labels)
    weights, bias = fitted.coef_.T / deviation[chosen, None], fitted.intercept_
    if classes == 2:
        weights, bias = np.column_stack([-weights, weights]), np.array([-bias[0], bias[0]])
    kernel = np.zeros((features.shape[1], classes))
    kernel[chosen] = weights
    return kernel, bias - mean @ kernel
