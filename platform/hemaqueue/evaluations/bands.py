"""When a week is otherwise than a version's baseline: amber or red, by the limits written here.

Two things have to hold for a band: the difference is more than chance explains, and it is large
enough to matter. The first alone would make every week of a large hospital red, the second alone
every week of a small one. Chance is counted at 2 (amber) and 3 (red) standard deviations, the
warning and action limits of a laboratory's quality control (J. O. Westgard and others, Clinical
Chemistry 27, 1981: 1-2s warns, 1-3s rejects):

* shares: the interval of the difference of two shares (R. G. Newcombe, Statistics in Medicine 17,
  1998, method 10: from both Wilson intervals) leaves out 0;
* mean confidence: the difference is beyond its standard error (B. L. Welch, Biometrika 34, 1947);
* the class mix: the population stability index is beyond what two samples of one mix reach, the
  chi-square quantile times 1/n + 1/m (B. Yurdakul, dissertation, Western Michigan University,
  2018; the quantile by E. B. Wilson and M. M. Hilferty, PNAS 17, 1931).

What matters: an index of 0.1 and 0.25 are the usual limits of the stability index (N. Siddiqi,
Credit Risk Scorecards, 2006). 2 and 5 points of a share are this project's own judgement. Images
of a patient are alike, so chance carries a little farther than these formulas say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hemaqueue.common.intervals import wilson

LEAST_IMAGES = 50  # fewer say too little of a week or of an evaluation
BASELINE_IMAGES = 200  # of the first full weeks, where there is no evaluation


class Band(StrEnum):
    """How a figure of a week stands to its baseline; `BASELINE`: the week is a part of it.

    `NOT_ALIKE`: images of the clear lane were drawn in one of the two only.
    """

    WITHIN = "within"
    AMBER = "amber"
    RED = "red"
    TOO_FEW = "too_few"
    NOT_ALIKE = "not_alike"
    BASELINE = "baseline"
    NO_BASELINE = "no_baseline"


@dataclass(frozen=True)
class Limit:
    """`z` standard deviations, and the least that matters of a share and of the class mix."""

    band: Band
    z: float
    share: float
    index: float


LIMITS = (
    Limit(Band.RED, z=3.0, share=0.05, index=0.25),
    Limit(Band.AMBER, z=2.0, share=0.02, index=0.1),
)


@dataclass(frozen=True)
class Seen:
    """What a figure was counted on: a share of `n`, or the mean with the `spread` of one image.

    Of the class mix, `counts` says how often each class was named. Of a weighted share, `n` is what
    its weights are worth, and `drawn` of how many images drawn from the clear lane it speaks.
    """

    n: int
    value: float = 0.0
    spread: float | None = None
    counts: Mapping[str, int] | None = None
    drawn: int = 0


def band_of(now: Seen, before: Seen) -> Band:
    """Return the band of a week beside its baseline."""
    if min(now.n, before.n) < LEAST_IMAGES:
        return Band.TOO_FEW
    if bool(now.drawn) != bool(before.drawn):
        return Band.NOT_ALIKE
    return next((limit.band for limit in LIMITS if _beyond(now, before, limit)), Band.WITHIN)


def stability_index(now: Mapping[str, int], before: Mapping[str, int]) -> float:
    """Return the population stability index of two class mixes, 0 where they are the same.

    Half an image is added to each class, so that a class that never came has a share.
    """
    codes = now.keys() | before.keys()
    first, second = (_shares(one, codes) for one in (now, before))
    return sum((first[c] - second[c]) * math.log(first[c] / second[c]) for c in codes)


def _beyond(now: Seen, before: Seen, limit: Limit) -> bool:
    if now.counts is not None and before.counts is not None:
        index = stability_index(now.counts, before.counts)
        freedom = len(now.counts.keys() | before.counts.keys()) - 1
        by_chance = _chi_square(freedom, z=limit.z) * (1 / now.n + 1 / before.n)
        return index >= limit.index and index > by_chance
    apart = now.value - before.value
    if abs(apart) < limit.share:
        return False
    if now.spread is None:
        return abs(apart) > _reach_of_shares(now, before, z=limit.z)
    spread = now.spread if before.spread is None else before.spread
    return abs(apart) > limit.z * math.sqrt(now.spread**2 / now.n + spread**2 / before.n)


def _reach_of_shares(now: Seen, before: Seen, *, z: float) -> float:
    """Return how far the interval of the difference of two shares reaches towards 0."""
    high, low = sorted((now, before), key=lambda one: one.value, reverse=True)
    high_least, _ = wilson(high.value, n=high.n, z=z)
    _, low_most = wilson(low.value, n=low.n, z=z)
    return math.hypot(high.value - high_least, low_most - low.value)


def _shares(counts: Mapping[str, int], codes: set[str]) -> dict[str, float]:
    whole = sum(counts.values()) + 0.5 * len(codes)
    return {code: (counts.get(code, 0) + 0.5) / whole for code in codes}


def _chi_square(freedom: int, *, z: float) -> float:
    """Return the quantile of chi-square that a normal variable has at `z`."""
    if freedom < 1:
        return 0.0
    part = 2 / (9 * freedom)
    return freedom * (1 - part + z * math.sqrt(part)) ** 3
