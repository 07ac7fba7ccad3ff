"""What a threshold costs and a confidence is worth: sweep, risk by coverage, reliability."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training_worker.metrics import BINS, Labels, Scores, confidence_bins, roll_up

SWEEP = np.round(np.arange(0.05, 0.951, 0.05), 2)
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
