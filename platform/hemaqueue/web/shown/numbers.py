"""Scores and times as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hemaqueue.common.wording import said_once
from hemaqueue.predictions.selectors import confidence_word
from hemaqueue.reviews.weighing import Weighted

BANDS = {
    "low": gettext_lazy("low"),
    "moderate": gettext_lazy("moderate"),
    "high": gettext_lazy("high"),
}


def score(value: float) -> str:
    """Return a score with two decimals, never rounded to a certainty that nobody claims."""
    if value > 0.99:
        return ">" + number(0.99, 2)
    if value < 0.01:
        return "<" + number(0.01, 2)
    return number(round(value, 2), 2)


@said_once
def number(value: float, decimals: int) -> str:
    return number_format(value, decimals)


def band(confidence: float) -> str:
    """Return the word that stands before the number."""
    return _band(confidence_word(confidence))


@said_once
def _band(word: str) -> str:
    return str(BANDS[word])


def in_line(position: int | None) -> str:
    """Return where a job stands among those that wait."""
    if position is None:
        return ""
    if position == 1:
        return _("next in line")
    return _("number %(n)d in line") % {"n": position}


def between(begin: datetime | None, end: datetime | None) -> float | None:
    """Return the seconds from `begin` to `end`."""
    return (end - begin).total_seconds() if begin and end else None


def images_word(count: int) -> str:
    return ngettext("%(n)d image", "%(n)d images", count) % {"n": count}


def duration(took: timedelta) -> str:
    """Return a time span as people say it, in one unit: 40 s, 12 min, 3.4 h, 2.1 d."""
    seconds = max(0.0, took.total_seconds())
    if seconds < 90:
        return _("%(n)d s") % {"n": round(seconds)}
    if seconds < 90 * 60:
        return _("%(n)d min") % {"n": round(seconds / 60)}
    if seconds < 48 * 3600:
        return _("%s h") % number(round(seconds / 3600, 1), 1)
    return _("%s d") % number(round(seconds / 86400, 1), 1)


def percent(share: float) -> str:
    """Return a share of 1 in per cent, with one decimal."""
    return _("%s %%") % number(round(100 * share, 1), 1)


def interval_drawn(found: Weighted) -> str:
    """Return the interval of a weighted share, and how many drawn images it rests on."""
    bounds = {"low": percent(found.low), "high": percent(found.high), "n": str(found.drawn)}
    return _("%(low)s to %(high)s, %(n)s drawn") % bounds


def percent_or_dash(share: float | None) -> str:
    return "–" if share is None else percent(share)


def decimal(value: float | None) -> str:
    """Return a figure with three decimals; a dash where there is none."""
    return "–" if value is None else number_format(round(value, 3), 3)
