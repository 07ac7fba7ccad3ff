"""95 % bootstrap intervals. Whole groups are drawn: a field's pictures say less together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from training_worker.metrics import (
    Labels,
    auroc,
    brier,
    expected_calibration_error,
    macro_recall,
)
from training_worker.verdicts import Verdicts

RESAMPLES = 1000


def intervals(said: Verdicts, groups: Sequence[str]) -> dict[str, list[float] | None]:
    """Return the intervals of the figures that every report has."""
    named, right = said.named, said.right
    return {
        "accuracy": interval(lambda i: float(np.mean(right[i])), groups=groups),
        "macro_recall": interval(lambda i: macro_recall(said.labels[i], named[i]), groups=groups),
        "sensitivity": interval(lambda i: mean(said.called[i][said.malignant[i]]), groups=groups),
        "specificity": interval(lambda i: mean(~said.called[i][~said.malignant[i]]), groups=groups),
    }


def further_intervals(said: Verdicts, groups: Sequence[str]) -> dict[str, list[float] | None]:
    """Return the intervals of what takes longer to compute."""

    def area(chosen: Labels) -> float:
        found = auroc(said.malignant[chosen], said.malignant_scores[chosen])
        return float("nan") if found is None else found

    return {
        "auroc": interval(area, groups=groups),
        "ece": interval(
            lambda i: expected_calibration_error(said.labels[i], said.scores[i]), groups=groups
        ),
        "brier": interval(lambda i: brier(said.labels[i], said.scores[i]), groups=groups),
    }


def mean(values: NDArray[np.bool_]) -> float:
    """Return the share that is true; not a number where there is nothing to share."""
    return float(values.mean()) if len(values) else float("nan")


def interval(
    figure: Callable[[Labels], float], *, groups: Sequence[str], seed: int = 0
) -> list[float] | None:
    """Return the 95 % bootstrap interval of `figure`, which takes the indices of a resample.

    A resample for which the figure is not a number says nothing; None when all are so.
    """
    found = [figure(chosen) for chosen in resamples(groups, seed=seed)]
    said = np.array(found)[~np.isnan(found)]
    return [float(bound) for bound in np.percentile(said, (2.5, 97.5))] if len(said) else None


def resamples(groups: Sequence[str], *, seed: int = 0) -> Iterator[Labels]:
    """Yield the indices of RESAMPLES resamples of whole groups."""
    random = np.random.default_rng(seed)
    members = _members(groups)
    for _ in range(RESAMPLES):
        drawn = random.integers(len(members), size=len(members))
        yield np.concatenate([members[index] for index in drawn])


def _members(groups: Sequence[str]) -> list[Labels]:
    names = np.array(groups)
    return [np.flatnonzero(names == name) for name in dict.fromkeys(groups)]
