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


def baseline_accuracy(
    baseline: Pipeline, pictures: Iterable[Picture], labels: NDArray[np.int64]
) -> float:
    return float(np.mean(baseline.predict(colour_statistics(pictures)) == labels))
