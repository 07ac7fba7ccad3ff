"""What versions do live, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class DriftBaselineAnswer(Answer):
    """What a figure is compared with. `source` is evaluation, weeks, or "" while there is none.

    `weeks` are the Mondays of the first full weeks; `counts` is filled for the class mix alone.
    `drawn` and `n` of agreement are those of the weighted share, see DriftFigureAnswer.
    """

    figure: str
    source: str
    evaluation: UUID | None
    weeks: list[date]
    n: int
    value: float | None
    counts: dict[str, int]
    drawn: int


@dataclass(frozen=True)
class DriftFigureAnswer(Answer):
    """One figure of one week: a share or a mean; of the class mix the stability index.

    `band` is within, amber, red, too_few, baseline (the week is part of it), no_baseline,
    or not_alike: images of the clear lane were drawn in the week or in its baseline alone.
    Agreement is weighted by the probability with which each image was read: `n` is how many images
    the weights are worth, `low` to `high` the 95 % interval (null of the other figures), and
    `drawn` how many come from the audit sample.
    """

    figure: str
    n: int
    value: float | None
    band: str
    low: float | None
    high: float | None
    drawn: int


@dataclass(frozen=True)
class DriftWeekAnswer(Answer):
    """One calendar week, of all sites; `begins` is its Monday, `band` the worst of its figures."""

    begins: date
    images: int
    named: dict[str, int]
    band: str
    figures: list[DriftFigureAnswer]


@dataclass(frozen=True)
class DriftAnswer(Answer):
    """`first_on` is when the first week will be there, null once it is over, or where none is."""

    model: UUID
    baselines: list[DriftBaselineAnswer]
    weeks: list[DriftWeekAnswer]
    first_on: date | None
