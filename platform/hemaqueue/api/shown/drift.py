"""The weeks of a version in the words of the interface."""

from __future__ import annotations

from hemaqueue.api.answers.drift import (
    DriftAnswer,
    DriftBaselineAnswer,
    DriftFigureAnswer,
    DriftWeekAnswer,
)
from hemaqueue.evaluations.drifted import Baseline, Drift, WeekFigure, WeekSeen
from hemaqueue.registry.models import ModelVersion


def drift_answer(version: ModelVersion, drift: Drift) -> DriftAnswer:
    return DriftAnswer(
        model=version.pk,
        baselines=[_baseline(one) for one in drift.baselines],
        weeks=[_week(one) for one in drift.weeks],
        first_on=drift.first_on,
    )


def _baseline(baseline: Baseline) -> DriftBaselineAnswer:
    seen = baseline.seen
    counts = dict(seen.counts or {}) if seen else {}
    return DriftBaselineAnswer(
        figure=baseline.figure,
        source="evaluation" if baseline.evaluation else "weeks" if baseline.weeks else "",
        evaluation=baseline.evaluation,
        weeks=list(baseline.weeks),
        n=seen.n if seen else 0,
        value=seen.value if seen and not counts else None,
        counts=counts,
        drawn=seen.drawn if seen else 0,
    )


def _week(week: WeekSeen) -> DriftWeekAnswer:
    return DriftWeekAnswer(
        begins=week.begins,
        images=week.images,
        named=week.named,
        band=week.band.value,
        figures=[_figure(one) for one in week.figures],
    )


def _figure(one: WeekFigure) -> DriftFigureAnswer:
    said = one.weighted
    return DriftFigureAnswer(
        figure=one.name,
        n=one.n,
        value=one.value,
        band=one.band.value,
        low=said.low if said else None,
        high=said.high if said else None,
        drawn=said.drawn if said else 0,
    )
