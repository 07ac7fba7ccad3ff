"""Figures for a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
)

Labels = NDArray[np.int64]
Scores = NDArray[np.float64]

BINS = 15
LEAST_SCORE = 1e-12


def class_metrics(labels: Labels, scores: Scores, *, codes: Sequence[str]) -> dict[str, Any]:
    """Return the figures of the classes; scores have the shape `(n, classes)`.

    `macro_recall` is over the classes that occur; `macro` and `weighted` (by support) are over
    all, where a class that does not occur counts as 0.
    """
    named = scores.argmax(1)
    classes = list(range(len(codes)))
    columns = precision_recall_fscore_support(labels, named, labels=classes, zero_division=0.0)
    names = ("precision", "recall", "f1", "support")
    return {
        "n": len(labels),
        "accuracy": float(accuracy_score(labels, named)),
        "macro_recall": macro_recall(labels, named),
        "macro_f1": float(np.mean(columns[2])),
        "macro": _averages(columns, np.ones(len(codes))),
        "weighted": _averages(columns, columns[3]),
        "per_class": {
            code: dict(zip(names, (*map(float, row[:3]), int(row[3])), strict=True))
            for code, *row in zip(codes, *columns, strict=True)
        },
        "auroc": class_auroc(labels, scores, codes=codes),
        "classes": list(codes),
        "confusion_matrix": confusion_matrix(labels, named, labels=classes).tolist(),
        "loss": log_loss(labels, scores),
        "ece": expected_calibration_error(labels, scores),
        "brier": brier(labels, scores),
    }


def _averages(
    columns: Sequence[NDArray[np.float64]], weights: NDArray[np.float64]
) -> dict[str, float]:
    names = ("precision", "recall", "f1")
    return {
        name: float(np.average(column, weights=weights))
        for name, column in zip(names, columns, strict=False)
    }


def class_auroc(labels: Labels, scores: Scores, *, codes: Sequence[str]) -> dict[str, Any]:
    """Return each class against the rest; None where all or none are of the class."""
    found = {code: auroc(labels == index, scores[:, index]) for index, code in enumerate(codes)}
    known = [value for value in found.values() if value is not None]
    return {"per_class": found, "macro": float(np.mean(known)) if known else None}


def auroc(positive: NDArray[np.bool_], scores: Scores) -> float | None:
    both = positive.any() and not positive.all()
    return float(roc_auc_score(positive, scores)) if both else None


def macro_recall(labels: Labels, named: Labels) -> float:
    """Return the mean recall of the classes that occur."""
    return float(np.mean([np.mean(named[labels == one] == one) for one in np.unique(labels)]))


def macro_scores(labels: Labels, named: Labels, *, classes: int) -> tuple[float, float]:
    """Return mean precision and mean F1 of the classes that occur; never named counts as 0."""
    table = np.bincount(labels * classes + named, minlength=classes**2).reshape(classes, classes)
    hits, support, said = np.diag(table), table.sum(1), table.sum(0)
    occur = support > 0
    precision, f1 = hits / np.maximum(said, 1), 2 * hits / np.maximum(support + said, 1)
    return float(precision[occur].mean()), float(f1[occur].mean())


def expected_calibration_error(labels: Labels, scores: Scores) -> float:
    """Return the mean gap between confidence and accuracy over equal bins (Guo et al. 2017)."""
    confidences, correct = scores.max(1), scores.argmax(1) == labels
    bins = confidence_bins(confidences)
    gaps = [
        abs(confidences[bins == one].mean() - correct[bins == one].mean()) * (bins == one).mean()
        for one in np.unique(bins)
    ]
    return float(np.sum(gaps))


def confidence_bins(confidences: Scores) -> Labels:
    """Return the bin of each confidence, of BINS equal ones."""
    return np.minimum((confidences * BINS).astype(np.int64), BINS - 1)


def log_loss(labels: Labels, scores: Scores) -> float:
    """Return the mean negative logarithm of the true class's score."""
    own = scores[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(own, LEAST_SCORE)).mean())


def brier(labels: Labels, scores: Scores) -> float:
    wanted = np.eye(scores.shape[1])[labels]
    return float(((scores - wanted) ** 2).sum(1).mean())


def binary_metrics(
    malignant: NDArray[np.bool_], scores: Scores, *, threshold: float
) -> dict[str, Any]:
    """Return the roll-up, positive = malignant, at the bundle's threshold; None without cases."""
    return roll_up(malignant, scores >= threshold) | {
        "auroc": auroc(malignant, scores),
        "threshold": threshold,
        "positive": "malignant",
        "n_malignant": int(malignant.sum()),
        "n_benign": int((~malignant).sum()),
    }


def roll_up(malignant: NDArray[np.bool_], called: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the figures of calling pictures malignant; None where there is nothing to share."""
    hits = int(np.sum(called & malignant))
    wrong = int(np.sum(called != malignant))
    return {
        "sensitivity": _share(called[malignant]),
        "specificity": _share(~called[~malignant]),
        "accuracy": 1 - wrong / len(malignant),
        "precision": _share(malignant[called]),
        "f1": 2 * hits / (2 * hits + wrong) if hits + wrong else None,
    }


def _share(values: NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None
