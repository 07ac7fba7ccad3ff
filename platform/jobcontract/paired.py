"""Two versions on the same pictures, in numbers: who is right more often, and by how much.

McNemar's exact test (1947) asks whether the pictures that only one of the two gets right are
shared evenly; the paired bootstrap over whole groups says how large a difference may be. Every
figure is made of sums over pictures, so a resample is a row of counts times a table of sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
AT_ONCE = 50
BINS = 15
FIGURES = ("accuracy", "macro_recall", "sensitivity", "specificity", "ece")
CHANGES = ("worse", "wrong_both", "called_otherwise", "better")

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Said:
    """What one version said: a row for each picture, always in the same order.

    `labels` and `named` are places among the classes, `confidence` is that of the class named;
    `malignant` is the truth of the roll-up and `called` what was made of it.
    """

    labels: Places
    named: Places
    confidence: Numbers
    malignant: Marks
    called: Marks

    @property
    def right(self) -> Marks:
        return self.named == self.labels


@dataclass(frozen=True)
class McNemar:
    """McNemar's exact test: pictures that only one of the two gets right, and the two-sided p."""

    only_this_right: int
    only_against_right: int
    p: float


@dataclass(frozen=True)
class Difference:
    """A figure of both, and what `this` has more; with its 95 % interval. None is unknown."""

    this: float | None
    against: float | None
    difference: float | None
    interval: list[float] | None


def mcnemar(one: Marks, other: Marks) -> McNemar:
    """Compare what two versions get right, picture by picture."""
    gained, lost = int(np.sum(one & ~other)), int(np.sum(other & ~one))
    return McNemar(gained, lost, _two_sided(gained, lost))


def _two_sided(gained: int, lost: int) -> float:
    """Return the probability of so uneven a share, or a worse one, among fair coins."""
    coins = gained + lost
    way, ways = 1, 1
    for heads in range(min(gained, lost)):
        way = way * (coins - heads) // (heads + 1)
        ways += way
    return min(1.0, 2 * ways / 2**coins)


def differences(one: Said, other: Said, *, groups: Sequence[str]) -> dict[str, Difference]:
    """Return each of FIGURES for both; whole `groups` are drawn, the same ones for both."""
    of_group = _places(groups)
    classes = 1 + int(max(part.max() for part in (one.labels, one.named, other.named)))
    sums = [_sums(said, of_group, classes=classes) for said in (one, other)]
    drawn = [
        figures_of(counts @ sums[0], classes) - figures_of(counts @ sums[1], classes)
        for counts in _draws(int(of_group.max()) + 1)
    ]
    every = np.concatenate(drawn)
    this, against = (figures_of(part.sum(0, keepdims=True), classes)[0] for part in sums)
    return {
        name: _difference(float(this[at]), float(against[at]), every[:, at])
        for at, name in enumerate(FIGURES)
    }


def _difference(this: float, against: float, drawn: Numbers) -> Difference:
    known = [None if np.isnan(value) else value for value in (this, against)]
    said = drawn[~np.isnan(drawn)]
    bounds = [float(one) for one in np.percentile(said, (2.5, 97.5))] if len(said) else None
    return Difference(known[0], known[1], None if None in known else this - against, bounds)


def _places(groups: Sequence[str]) -> Places:
    """Return the place of each picture's group, in the order in which groups first occur."""
    order = {name: place for place, name in enumerate(dict.fromkeys(groups))}
    return np.array([order[name] for name in groups], np.int64)


def _draws(groups: int, *, seed: int = 0) -> Iterator[Numbers]:
    """Yield how often each group is drawn, `(AT_ONCE, groups)` at a time."""
    random = np.random.default_rng(seed)
    for _ in range(0, RESAMPLES, AT_ONCE):
        rows = [
            np.bincount(random.integers(groups, size=groups), minlength=groups)
            for _ in range(AT_ONCE)
        ]
        yield np.array(rows, np.float64)


def _sums(said: Said, of_group: Places, *, classes: int) -> Numbers:
    """Return what figures are made of, `(groups, columns)`; see `figures_of` for the columns."""
    right = said.right.astype(np.float64)
    one_each = np.ones(len(right))
    own = np.eye(classes)[said.labels]
    bins = np.eye(BINS)[np.minimum((said.confidence * BINS).astype(np.int64), BINS - 1)]
    columns = np.column_stack(
        [
            one_each, right,
            said.malignant, said.malignant & said.called, ~said.malignant,
            ~said.malignant & ~said.called,
            own, own * right[:, None],
            bins * (said.confidence - right)[:, None],
        ]
    )  # fmt: skip
    sums = np.zeros((int(of_group.max()) + 1, columns.shape[1]))
    np.add.at(sums, of_group, columns)
    return sums


def figures_of(sums: Numbers, classes: int) -> Numbers:
    """Return FIGURES as columns, of rows of sums; not a number where there is nothing to share."""
    n, right, malignant, found, benign, cleared = sums[:, :6].T
    support, hits = sums[:, 6 : 6 + classes], sums[:, 6 + classes : 6 + 2 * classes]
    gaps = np.abs(sums[:, 6 + 2 * classes :]).sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        recalls = np.where(support > 0, hits / support, 0.0)
        occur = (support > 0).sum(1)
        return np.column_stack(
            [right / n, recalls.sum(1) / occur, found / malignant, cleared / benign, gaps / n]
        )


def change(right: bool, was_right: bool) -> str:
    """Return which of CHANGES it is when a picture is named or called otherwise."""
    if right == was_right:
        return "called_otherwise" if right else "wrong_both"
    return "better" if right else "worse"
