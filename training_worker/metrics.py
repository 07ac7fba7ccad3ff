"""Figures for a classifier, each with its n and a 95 % bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
RESAMPLES = 1000


def class_metrics(labels: Labels, scores: Scores, *, codes: Sequence[str]) -> dict[str, Any]:
    """Return the figures of the classes; scores have the shape `(n, classes)`."""
    named = scores.argmax(1)
    classes = list(range(len(codes)))
    columns = precision_recall_fscore_support(labels, named, labels=classes, zero_division=0.0)
    names = ("precision", "recall", "f1", "support")
    return {
        "n": len(labels),
        "accuracy": float(accuracy_score(labels, named)),
        "macro_recall": macro_recall(labels, named),
        "macro_f1": float(np.mean(columns[2])),
        "per_class": {
            code: dict(zip(names, (*map(float, row[:3]), int(row[3])), strict=True))
            for code, *row in zip(codes, *columns, strict=True)
        },
        "classes": list(codes),
        "confusion_matrix": confusion_matrix(labels, named, labels=classes).tolist(),
        "ece": expected_calibration_error(labels, scores),
        "brier": brier(labels, scores),
    }


def macro_recall(labels: Labels, named: Labels) -> float:
    """Return the mean recall of the classes that occur."""
    return float(np.mean([np.mean(named[labels == one] == one) for one in np.unique(labels)]))


def expected_calibration_error(labels: Labels, scores: Scores) -> float:
    """Return the mean gap between confidence and accuracy over equal bins (Guo et al. 2017)."""
    confidences, correct = scores.max(1), scores.argmax(1) == labels
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidences[bins == one].mean() - correct[bins == one].mean()) * (bins == one).mean()
        for one in np.unique(bins)
    ]
    return float(np.sum(gaps))


def brier(labels: Labels, scores: Scores) -> float:
    wanted = np.eye(scores.shape[1])[labels]
    return float(((scores - wanted) ** 2).sum(1).mean())


def binary_metrics(
    malignant: NDArray[np.bool_], scores: Scores, *, threshold: float
) -> dict[str, Any]:
    """Return the roll-up, positive = malignant, at the bundle's threshold; None without cases."""
    called = scores >= threshold
    both = malignant.any() and not malignant.all()
    return {
        "sensitivity": _share(called[malignant]),
        "specificity": _share(~called[~malignant]),
        "auroc": float(roc_auc_score(malignant, scores)) if both else None,
        "threshold": threshold,
        "positive": "malignant",
        "n_malignant": int(malignant.sum()),
        "n_benign": int((~malignant).sum()),
    }


def _share(values: NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None


def interval(
    figure: Callable[[Labels], float], *, groups: Sequence[str], seed: int = 0
) -> list[float] | None:
    """Return the 95 % bootstrap interval of `figure`, which takes the indices of a resample.

    Whole groups are drawn: pictures of one field say less together than apart. A resample for
    which the figure is not a number says nothing; None when all are so.
    """
    random = np.random.default_rng(seed)
    members = _members(groups)
    found = []
    for _ in range(RESAMPLES):
        drawn = random.integers(len(members), size=len(members))
        found.append(figure(np.concatenate([members[index] for index in drawn])))
    said = np.array(found)[~np.isnan(found)]
    return [float(bound) for bound in np.percentile(said, (2.5, 97.5))] if len(said) else None


def _members(groups: Sequence[str]) -> list[Labels]:
    names = np.array(groups)
    return [np.flatnonzero(names == name) for name in dict.fromkeys(groups)]
