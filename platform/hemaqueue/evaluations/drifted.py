"""Reading drift: each week of a version beside the version's baseline.

The baseline of a figure is the evaluation its gates are read from, where that has the figure, else
the first full weeks in which the version served. An evaluation says nothing of poor pictures, nor
of what readers agree with, and its class mix is how somebody put its pictures together: the
baselines of these are always weeks; so is that of uncertain results under other thresholds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from hemaqueue.evaluations.bands import (
    BASELINE_IMAGES,
    LEAST_IMAGES,
    Band,
    Seen,
    band_of,
    stability_index,
)
from hemaqueue.evaluations.drifting import WEEK, monday, versions_served
from hemaqueue.evaluations.models import Evaluation, LiveWeek
from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.points import thresholds_of
from hemaqueue.reviews.weighing import Weighted, weighted

FIGURES = (
    "class_mix", "mean_confidence", "uncertain", "out_of_distribution", "poor_quality",
    "agreement",
)  # fmt: skip
WORST_FIRST = (Band.RED, Band.AMBER)


@dataclass(frozen=True)
class Baseline:
    """`evaluation` is empty where it comes of `weeks` (their Mondays); `seen` of neither: None."""

    figure: str
    seen: Seen | None
    evaluation: UUID | None = None
    weeks: tuple[date, ...] = ()


@dataclass(frozen=True)
class WeekFigure:
    """One figure of one week. `value` of the class mix is its stability index.

    Agreement is `weighted`: as if all had been read; its `n` is what the weights are worth.
    """

    name: str
    n: int
    value: float | None
    band: Band
    weighted: Weighted | None


@dataclass(frozen=True)
class WeekSeen:
    begins: date
    images: int
    named: dict[str, int]
    figures: list[WeekFigure]

    @property
    def band(self) -> Band:
        """Return the worst band of its figures."""
        bands = {one.band for one in self.figures}
        return next((one for one in WORST_FIRST if one in bands), Band.WITHIN)


@dataclass(frozen=True)
class Drift:
    """`weeks` are those in which something came in, the newest first.

    `first_on` is the day on which the first week will be there; None where it is over, or the
    version never served.
    """

    baselines: list[Baseline]
    weeks: list[WeekSeen]
    first_on: date | None


def drift_of(version: ModelVersion, *, most: int) -> Drift:
    """Return the newest weeks of a version, each beside the version's baseline."""
    served = versions_served().filter(pk=version.pk).first()
    if served is None:
        return Drift([], [], None)
    rows = list(LiveWeek.objects.filter(model=version).order_by("begins"))
    baselines = [_baseline(name, version, rows=rows, began=served.began) for name in FIGURES]
    came = [row for row in rows if row.images or row.read]
    weeks = [_week(row, baselines) for row in reversed(came[-most:])]
    first = monday(timezone.localdate(served.began)) + WEEK
    awaited = first if first > timezone.localdate() else None
    return Drift(baselines, weeks, awaited)


def _week(row: LiveWeek, baselines: Sequence[Baseline]) -> WeekSeen:
    figures = [_figure(row, baseline) for baseline in baselines]
    return WeekSeen(row.begins, row.images, row.named, figures)


def _figure(row: LiveWeek, baseline: Baseline) -> WeekFigure:
    now = seen_in([row], baseline.figure)
    value = _value(now, baseline.seen) if now.n else None
    said = weighted([row]) if baseline.figure == "agreement" else None
    return WeekFigure(baseline.figure, now.n, value, _band(row, now, baseline), said)


def _value(now: Seen, before: Seen | None) -> float | None:
    """Return a share or a mean; of a class mix its distance, None without one to compare with."""
    if now.counts is None:
        return now.value
    if before is None or before.counts is None:
        return None
    return stability_index(now.counts, before.counts)


def _band(row: LiveWeek, now: Seen, baseline: Baseline) -> Band:
    if baseline.seen is None:
        return Band.NO_BASELINE
    if baseline.weeks and row.begins <= baseline.weeks[-1]:
        return Band.BASELINE if row.begins in baseline.weeks else Band.NO_BASELINE
    return band_of(now, baseline.seen)


def seen_in(rows: Sequence[LiveWeek], figure: str) -> Seen:
    """Return what a figure of one week or several was counted on."""
    if figure == "agreement":
        found = weighted(rows)
        return Seen(found.worth, found.share, drawn=found.drawn) if found else Seen(0)
    parts = [_seen_in_week(row, figure) for row in rows]
    return parts[0] if len(parts) == 1 else _together(parts)


def _seen_in_week(row: LiveWeek, figure: str) -> Seen:
    if figure == "class_mix":
        return Seen(row.images, counts=row.named)
    if figure == "mean_confidence":
        return Seen(row.images, row.confidence or 0.0, spread=row.spread or 0.0)
    counts = {
        "uncertain": (row.uncertain, row.images),
        "out_of_distribution": (row.strange, row.images),
        "poor_quality": (row.poor, row.images),
    }
    count, of = counts[figure]
    return Seen(of, count / of if of else 0.0)


def _baseline(
    figure: str, version: ModelVersion, *, rows: Sequence[LiveWeek], began: Any
) -> Baseline:
    evaluation, since = evaluation_deciding(version), began
    if figure == "uncertain" and (point := thresholds_of(version).point):
        evaluation, since = None, point.at
    if evaluation and (seen := _evaluated(evaluation, figure)) and seen.n >= LEAST_IMAGES:
        return Baseline(figure, seen, evaluation=evaluation.pk)
    full = (row for row in rows if row.begins > timezone.localdate(since))
    if first := _first(full, figure):
        weeks = tuple(row.begins for row in first)
        return Baseline(figure, seen_in(first, figure), weeks=weeks)
    return Baseline(figure, None)


def _first(rows: Iterator[LiveWeek], figure: str) -> list[LiveWeek]:
    """Return the first weeks that together have enough of a figure, [] while they do not."""
    first: list[LiveWeek] = []
    for row in rows:
        if seen_in([row], figure).n:
            first.append(row)
            if seen_in(first, figure).n >= BASELINE_IMAGES:
                return first
    return []


def _together(parts: Sequence[Seen]) -> Seen:
    """Return weeks as one."""
    n = sum(one.n for one in parts)
    if parts[0].counts is not None:
        counts = sum((Counter(one.counts) for one in parts), Counter())
        return Seen(n, counts=dict(counts))
    mean = sum(one.n * one.value for one in parts) / n
    if parts[0].spread is None:
        return Seen(n, mean)
    squares = sum(one.n * ((one.spread or 0.0) ** 2 + one.value**2) for one in parts) / n
    return Seen(n, mean, spread=math.sqrt(max(0.0, squares - mean**2)))


def _evaluated(evaluation: Evaluation, figure: str) -> Seen | None:
    """Return a figure of an evaluation, None where its report does not have it."""
    report = evaluation.report
    if figure == "mean_confidence" and (bins := report.get("reliability")):
        whole = sum(one["n"] for one in bins)
        return Seen(whole, sum(one["n"] * one["confidence"] for one in bins) / whole)
    share = (report.get("flagged") or {}).get(figure)
    return None if share is None else Seen(evaluation.n, share)
