"""What colour alone gives away: five nearest neighbours on twelve colour statistics.

Printed beside every model: where stain nearly names the class, a high accuracy shows little.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from inference_worker.preprocessing import Picture
from training_worker.metrics import (
    binary_metrics,
    brier,
    expected_calibration_error,
    macro_recall,
)

NEIGHBOURS = 5


def colour_statistics(pictures: Iterable[Picture]) -> NDArray[np.float64]:
    """Return mean and deviation of red, green, blue, hue, saturation and value: `(n, 12)`."""
    return np.stack([_statistics(picture) for picture in pictures])


def _statistics(picture: Picture) -> NDArray[np.float64]:
    both = (picture, cv2.cvtColor(picture, cv2.COLOR_RGB2HSV))
    return np.concatenate([part.ravel() for one in both for part in cv2.meanStdDev(one)])


def fitted_baseline(pictures: Iterable[Picture], labels: NDArray[np.int64]) -> Pipeline:
    neighbours = KNeighborsClassifier(min(NEIGHBOURS, len(labels)))
    return make_pipeline(StandardScaler(), neighbours).fit(colour_statistics(pictures), labels)


def baseline_figures(
    baseline: Pipeline,
    pictures: Iterable[Picture],
    labels: NDArray[np.int64],
    *,
    malignant: NDArray[np.bool_],
) -> dict[str, float | None]:
    """Return the figures of the shares of neighbours, malignant from a half on.

    `malignant` says of each class whether it is.
    """
    shares = np.zeros((len(labels), len(malignant)))
    shares[:, baseline.classes_] = baseline.predict_proba(colour_statistics(pictures))
    named, truly = shares.argmax(1), malignant[labels]
    binary = binary_metrics(truly, shares[:, malignant].sum(1), threshold=0.5)
    benign = ~truly
    return {
        "accuracy": float(np.mean(named == labels)),
        "macro_recall": macro_recall(labels, named),
        "benign_recall": float(np.mean(named[benign] == labels[benign])) if any(benign) else None,
        "sensitivity": binary["sensitivity"],
        "specificity": binary["specificity"],
        "auroc": binary["auroc"],
        "ece": expected_calibration_error(labels, shares),
        "brier": brier(labels, shares),
    }


def baseline_accuracy(
    baseline: Pipeline, pictures: Iterable[Picture], labels: NDArray[np.int64]
) -> float:
    return float(np.mean(baseline.predict(colour_statistics(pictures)) == labels))
