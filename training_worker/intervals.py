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
    macro_scores,
    roll_up,
)
from training_worker.verdicts import Verdicts

RESAMPLES = 1000


def intervals(said: Verdicts, groups: Sequence[str]) -> dict[str, list[float] | None]:
    """Return the intervals of the figures that every report has."""
    named, right = said.named, said.right
    return {
        "accuracy": share_interval(right, groups=groups),
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
        **_of_classes(said, groups),
        **_of_roll_up(said, groups),
    }


def _of_classes(said: Verdicts, groups: Sequence[str]) -> dict[str, list[float] | None]:
    """Return the intervals of the macro figures.

    A class that a resample has lost by chance says nothing of it; one that the whole set lacks
    counts as 0, as in the figure itself.
    """
    named, classes = said.named, said.scores.shape[1]
    share = len(np.unique(said.labels)) / classes

    def one(place: int) -> list[float] | None:
        return interval(
            lambda i: share * macro_scores(said.labels[i], named[i], classes=classes)[place],
            groups=groups,
        )

    return {"macro_precision": one(0), "macro_f1": one(1)}


def _of_roll_up(said: Verdicts, groups: Sequence[str]) -> dict[str, list[float] | None]:
    def one(name: str) -> list[float] | None:
        def figure(chosen: Labels) -> float:
            found = roll_up(said.malignant[chosen], said.called[chosen])[name]
            return float("nan") if found is None else float(found)

        return interval(figure, groups=groups)

    return {f"malignant_{name}": one(name) for name in ("accuracy", "precision", "f1")}


def mean(values: NDArray[np.bool_]) -> float:
    """Return the share that is true; not a number where there is nothing to share."""
    return float(values.mean()) if len(values) else float("nan")


def share_interval(marks: NDArray[np.bool_], *, groups: Sequence[str]) -> list[float] | None:
    """Return the interval of the share that is true."""
    return interval(lambda i: mean(marks[i]), groups=groups)


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
