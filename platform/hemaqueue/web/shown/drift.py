"""The weeks of a version beside its baseline: a table with bands, the class mix, a small plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hemaqueue.evaluations.bands import Band, Seen
from hemaqueue.evaluations.drifted import Baseline, Drift, WeekFigure, WeekSeen, drift_of
from hemaqueue.predictions.classes import ClassWords, class_words, classes_ordered
from hemaqueue.registry.models import ModelVersion
from hemaqueue.web.shown.chips import Chip, attention
from hemaqueue.web.shown.evaluation_plots import shares
from hemaqueue.web.shown.line_plots import Axis, Curve, LinePlot, curve
from hemaqueue.web.shown.numbers import interval_drawn, number, percent
from hemaqueue.web.shown.plots import grouped

WEEKS_SHOWN = 12
WORDS = {
    "class_mix": lazy("Class mix"),
    "mean_confidence": lazy("Mean confidence"),
    "uncertain": lazy("Uncertain"),
    "out_of_distribution": lazy("Out of distribution"),
    "poor_quality": lazy("Poor pictures"),
    "agreement": lazy("Agreement"),
}
#: What is drawn: the look of its line, and whether its word stands where it begins.
DRAWN = {
    "agreement": ("main", True),
    "mean_confidence": ("other", False),
    "uncertain": ("line-f1", True),
    "out_of_distribution": ("line-sensitivity", False),
}


@dataclass(frozen=True)
class CellShown:
    """`note` says why there is no band, `interval` how sure a weighted share is."""

    value: str
    chip: Chip | None
    note: str
    interval: str


@dataclass(frozen=True)
class BaselineShown:
    value: str
    source: str
    n: str = ""
    url: str = ""


@dataclass(frozen=True)
class WeekShown:
    word: str
    images: str
    cells: list[CellShown]


@dataclass(frozen=True)
class DriftShown:
    """`line` is what stands there while no week does."""

    chip: Chip | None
    line: str
    words: list[str]
    baselines: list[BaselineShown]
    weeks: list[WeekShown]
    classes: list[ClassWords]
    mixes: list[tuple[str, list[str]]]
    plot: LinePlot | None


def drift_shown(version: ModelVersion) -> DriftShown | None:
    """Return the weeks of a version; None where it never served."""
    drift = drift_of(version, most=WEEKS_SHOWN)
    if not drift.baselines:
        return None
    mixes = _mixes(drift)
    codes = classes_ordered({code for _word, named in mixes for code in named})
    return DriftShown(
        chip=band_chip(drift.weeks[0].band) if drift.weeks else None,
        line=_line(drift),
        words=[str(WORDS[one.figure]) for one in drift.baselines],
        baselines=[_baseline(one) for one in drift.baselines],
        weeks=[_week(one) for one in drift.weeks],
        classes=[class_words(code) for code in codes],
        mixes=[(word, _shares(named, codes)) for word, named in mixes],
        plot=_plot(drift.weeks[::-1]),
    )


def band_chip(band: Band) -> Chip | None:
    """Return the chip of a week or a figure that is otherwise than its baseline."""
    if band == Band.RED:
        return Chip("failed", "exclamation-octagon", _("red"), _("Far from the baseline"))
    if band == Band.AMBER:
        return attention(_("amber"), _("Away from the baseline"))
    return None


def _line(drift: Drift) -> str:
    if drift.weeks:
        return ""
    if drift.first_on:
        return _("The first week will be here on %(day)s.") % {"day": _day(drift.first_on, "j F Y")}
    return _("Nothing came in for this version in the weeks that are over.")


def _week(week: WeekSeen) -> WeekShown:
    cells = [_cell(one) for one in week.figures]
    return WeekShown(_day(week.begins), grouped([week.images])[0], cells)


def _cell(figure: WeekFigure) -> CellShown:
    notes = {
        Band.TOO_FEW: _("too few: %(n)d") % {"n": figure.n},
        Band.NOT_ALIKE: _("not comparable"),
        Band.BASELINE: _("baseline"),
        Band.NO_BASELINE: _("no baseline"),
    }
    note = str(notes.get(figure.band, ""))
    interval = interval_drawn(figure.weighted) if figure.weighted else ""
    return CellShown(_value(figure.name, figure.value), band_chip(figure.band), note, interval)


def _value(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return number(round(value, 2), 2) if name == "class_mix" else percent(value)


def _baseline(baseline: Baseline) -> BaselineShown:
    if baseline.seen is None:
        return BaselineShown("–", _("not yet"))
    value = _value(baseline.figure, 0.0 if baseline.seen.counts else baseline.seen.value)
    n = f"n = {grouped([baseline.seen.n])[0]}"
    if baseline.evaluation:
        url = reverse("evaluation", args=[baseline.evaluation])
        return BaselineShown(value, _("evaluation"), n, url)
    source = _("weeks from %(first)s") % {"first": _day(baseline.weeks[0])}
    return BaselineShown(value, source, n)


def _mixes(drift: Drift) -> list[tuple[str, dict[str, int]]]:
    """Return how often each class was named: in the baseline where it is known, and by week."""
    seen = next((one.seen for one in drift.baselines if one.figure == "class_mix"), None)
    before = [(_("Baseline"), dict(seen.counts or {}))] if isinstance(seen, Seen) else []
    return before + [(_day(one.begins), one.named) for one in drift.weeks]


def _shares(named: dict[str, int], codes: Sequence[str]) -> list[str]:
    whole = sum(named.values())
    return [percent(named.get(code, 0) / whole) if whole else "–" for code in codes]


def _plot(weeks: Sequence[WeekSeen]) -> LinePlot | None:
    """Return the shares over the weeks; of a single week there is nothing to draw."""
    if len(weeks) < 2:
        return None
    last = len(weeks) - 1
    ticks = [(place, _day(weeks[place].begins)) for place in sorted({0, last // 2, last})]
    across, up = Axis(_("week from"), 0, last, ticks), shares("")
    lines = [_curve(name, weeks, across=across, up=up) for name in DRAWN]
    return LinePlot(
        id="drift-weeks",
        title=_("Week by week"),
        caption=_(
            "Shares of the images of a week; agreement is weighted, as if all of them had been "
            "read."
        ),
        across=across,
        up=up,
        curves=[one for one in lines if one],
    )


def _curve(name: str, weeks: Sequence[WeekSeen], **axes: Any) -> Curve | None:
    points = [
        (place, figure.value)
        for place, week in enumerate(weeks)
        for figure in week.figures
        if figure.name == name and figure.value is not None
    ]
    if not points:
        return None
    css, begins = DRAWN[name]
    at, anchor = (points[0], "start") if begins else (points[-1], "end")
    below = points[0][1] > 0.5 and not begins
    word = str(WORDS[name])
    return curve(points, css=css, word=word, at=at, anchor=anchor, below=below, **axes)


def _day(day: date, form: str = "j M") -> str:
    return date_format(day, form)
