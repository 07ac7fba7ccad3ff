"""What a threshold costs and a confidence is worth: sweep, ROC, risk by coverage, reliability."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from training_worker.metrics import BINS, Labels, Scores, confidence_bins, roll_up

SWEEP = np.round(np.arange(0.05, 0.951, 0.05), 2)
POINTS = 100  # of a curve, at most
COVERAGES = np.round(np.arange(0.05, 1.001, 0.05), 2)


def threshold_sweep(malignant: NDArray[np.bool_], scores: Scores) -> list[dict[str, Any]]:
    """Return the roll-up's figures at each threshold of SWEEP; positive = malignant."""
    return [
        {"threshold": float(threshold)} | roll_up(malignant, scores >= threshold)
        for threshold in SWEEP
    ]


def risk_by_coverage(labels: Labels, scores: Scores) -> dict[str, Any]:
    """Return the share of errors among the surest pictures, by how many of them are answered.

    `area` is the mean risk over all coverages (Geifman and El-Yaniv 2017): 0 is best.
    """
    confidences, wrong = scores.max(1), scores.argmax(1) != labels
    order = np.argsort(-confidences, kind="stable")
    risks = np.cumsum(wrong[order]) / np.arange(1, len(labels) + 1)
    ends = np.maximum(np.ceil(COVERAGES * len(labels)).astype(int), 1) - 1
    return {
        "area": float(risks.mean()),
        "points": [
            {
                "coverage": float(coverage),
                "risk": float(risks[end]),
                "least_confidence": float(confidences[order[end]]),
            }
            for coverage, end in zip(COVERAGES, ends, strict=True)
        ],
    }


def reliability(labels: Labels, scores: Scores) -> list[dict[str, Any]]:
    """Return confidence and accuracy of each of BINS equal bins that holds a picture."""
    confidences, correct = scores.max(1), scores.argmax(1) == labels
    bins = confidence_bins(confidences)
    return [
        {
            "from": float(one / BINS),
            "to": float((one + 1) / BINS),
            "n": int(np.sum(bins == one)),
            "confidence": float(confidences[bins == one].mean()),
            "accuracy": float(correct[bins == one].mean()),
        }
        for one in np.unique(bins)
    ]


def roc_points(malignant: NDArray[np.bool_], scores: Scores) -> list[list[float]]:
    """Return [1 - specificity, sensitivity] along the thresholds; [] without both sides."""
    if malignant.all() or not malignant.any():
        return []
    false, true, _ = roc_curve(malignant, scores)
    return _thinned(false, true)


def precision_recall_points(malignant: NDArray[np.bool_], scores: Scores) -> list[list[float]]:
    """Return [recall, precision] along the thresholds; [] without malignant pictures."""
    if not malignant.any():
        return []
    precision, recall, _ = precision_recall_curve(malignant, scores, drop_intermediate=True)
    return _thinned(recall, precision)


def _thinned(across: Scores, up: Scores) -> list[list[float]]:
    """Return at most POINTS of the points, both ends among them."""
    kept = np.unique(np.linspace(0, len(across) - 1, min(POINTS, len(across))).round().astype(int))
    return [[float(across[index]), float(up[index])] for index in kept]
