"""Temperature and thresholds, chosen on groups that the network never learned from.

Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

Scores = NDArray[np.floating]

SENSITIVITY_WANTED = 0.99
ABSTAIN_SHARE = 0.05
STRANGE_SHARE = 0.01


def fitted_temperature(logits: Scores, labels: NDArray[np.int64]) -> float:
    """Return the temperature with the least log-loss."""
    rows = np.arange(len(labels))

    def loss(logarithm: float) -> float:
        return -log_softmax(logits / np.exp(logarithm), axis=1)[rows, labels].mean()

    found = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return float(np.exp(found.x))


def decision_threshold(
    malignant_scores: Scores, malignant: NDArray[np.bool_], *, wanted: float = SENSITIVITY_WANTED
) -> float:
    """Return the threshold for the malignant sum of scores.

    The middle of the gap between the highest threshold that keeps the wanted sensitivity and
    the next benign score below it, and never above one half: doubt counts as malignant.
    """
    kept = float(np.quantile(malignant_scores[malignant], 1 - wanted, method="lower"))
    below = malignant_scores[~malignant & (malignant_scores < kept)]
    floor = float(below.max()) if len(below) else 0.0
    return min((kept + floor) / 2, 0.5)


def abstain_threshold(confidences: Scores, correct: NDArray[np.bool_]) -> float:
    """Return the confidence below which a label is uncertain.

    Half of the errors at least fall below it, as long as that leaves no more than
    ABSTAIN_SHARE of all pictures uncertain.
    """
    errors = confidences[~correct]
    wanted = float(np.median(errors)) if len(errors) else 0.0
    return max(min(wanted, float(np.quantile(confidences, ABSTAIN_SHARE))), 0.5)


def strangeness_threshold(distances: Scores) -> float:
    """Return the distance that only STRANGE_SHARE of pictures of the data's kind exceed."""
    return float(np.quantile(distances, 1 - STRANGE_SHARE))
