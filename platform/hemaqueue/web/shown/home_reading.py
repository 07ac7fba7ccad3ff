"""What a reader sees first: what waits, how long cases take, how often the model was right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.predictions.classes import CLASSES, class_words
from hemaqueue.reviews.lanes import AUDITED
from hemaqueue.reviews.queue import reviews_readable
from hemaqueue.reviews.statistics import (
    Agreement,
    Turnaround,
    agreement,
    decided_today,
    turnaround,
    turnaround_by_day,
    waiting_cases,
)
from hemaqueue.reviews.weighing import weighted
from hemaqueue.web.shown.lanes import lane_tiles
from hemaqueue.web.shown.numbers import duration, interval_drawn, percent
from hemaqueue.web.shown.plots import Column, Mark, Plot, ShareRow, grouped, share_row, span
from hemaqueue.web.shown.tiles import LinkTile

DAYS, AGREEMENT_DAYS = 14, 30


@dataclass(frozen=True)
class AgreementShown:
    """How often readers named the class that was suggested; `rows` begin with all of them."""

    title: str
    caption: str
    first: str
    rows: list[ShareRow]


def reading_tiles(user: User) -> Iterator[LinkTile]:
    """Yield the worklist's own tiles, then the oldest that waits and what one did today."""
    yield from lane_tiles(user, among=reviews_readable(user), lane="")
    yield LinkTile(_age(waiting_cases(user).oldest), _("Oldest"), reverse("worklist"))
    yield LinkTile(str(decided_today(user)), _("You decided today"))


def _age(oldest: datetime | None) -> str:
    return duration(timezone.now() - oldest) if oldest else _("none")


def turnaround_plot(user: User) -> Plot | None:
    """Return median and 90th percentile of each of the last days, None without a signature."""
    days = turnaround_by_day(user, days=DAYS)
    whole = turnaround(user, days=DAYS)
    if whole is None:
        return None
    most = max(day.p90.total_seconds() for day in days)
    known = {day.day: day for day in days}
    today = timezone.localdate()
    every = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    return Plot(
        id="turnaround",
        title=_("From upload to signature"),
        caption=_turnaround_words(whole),
        columns=[
            Column(
                word=date_format(day, "j"),
                full=date_format(day, "l j F"),
                above=duration(known[day].p90) if day in known else "",
                below=duration(known[day].median) if day in known else "",
                marks=_days_marks(known.get(day), most=most),
            )
            for day in every
        ],
        head=[_("Day"), _("Cases"), _("Median"), _("90 % within")],
        rows=[
            [
                date_format(day.day, "j F") if day.day else "",
                *grouped([day.cases]),
                duration(day.median),
                duration(day.p90),
            ]
            for day in reversed(days)
        ],
    )


def _days_marks(day: Turnaround | None, *, most: float) -> list[Mark]:
    if day is None:
        return []
    return span(day.median.total_seconds(), day.p90.total_seconds(), most=most)


def _turnaround_words(whole: Turnaround) -> str:
    words = ngettext(
        "%(n)s case in %(days)s days. Half within %(median)s, nine in ten within %(p90)s.",
        "%(n)s cases in %(days)s days. Half within %(median)s, nine in ten within %(p90)s.",
        whole.cases,
    )
    return words % {
        "n": grouped([whole.cases])[0],
        "days": DAYS,
        "median": duration(whole.median),
        "p90": duration(whole.p90),
    }


def agreement_by_class(user: User) -> AgreementShown | None:
    found = agreement(user, days=AGREEMENT_DAYS)
    order = list(CLASSES)
    codes = sorted(
        {one.predicted for one in found}, key=lambda c: order.index(c) if c in order else 99
    )
    rows = [(str(class_words(code).name), f"c-{class_words(code).css}", code) for code in codes]
    return _shown(
        found,
        title=_("Agreement with the model, by suggested class"),
        first=_("Suggested"),
        rows=[(word, css, [o for o in found if o.predicted == code]) for word, css, code in rows],
    )


def agreement_by_model(user: User) -> AgreementShown | None:
    found = agreement(user, days=AGREEMENT_DAYS)
    names = sorted({one.model for one in found})
    return _shown(
        found,
        title=_("Agreement with readers, by model version"),
        first=_("Model"),
        rows=[(name, "", [one for one in found if one.model == name]) for name in names],
    )


def _shown(
    found: list[Agreement],
    *,
    title: str,
    first: str,
    rows: list[tuple[str, str, list[Agreement]]],
) -> AgreementShown | None:
    if not found:
        return None
    every = [(_("All"), "", found), *rows] if len(rows) > 1 else rows
    return AgreementShown(
        title=title,
        first=first,
        caption=_(
            "How often a reader named the suggested class, over %(days)d days, with 95 %% "
            "intervals. Images confirmed in bulk are not counted. Weighted: one of %(times)d "
            "cases of the clear lane is drawn and read, and counts for all of them; else hard "
            "cases lead."
        )
        % {"days": AGREEMENT_DAYS, "times": round(1 / AUDITED)},
        rows=[_row(word, group, css=css) for word, css, group in every],
    )


def _row(word: str, group: list[Agreement], *, css: str) -> ShareRow:
    return share_row(
        word,
        css=css,
        agreed=sum(one.agreed for one in group),
        n=sum(one.n for one in group),
        **_weighted_words(group),
    )


def _weighted_words(group: list[Agreement]) -> dict[str, str]:
    """Return the weighted share, and its interval with how many drawn images it rests on."""
    if (found := weighted(group)) is None:
        return {"weighted": "–", "worth": ""}
    return {"weighted": percent(found.share), "worth": interval_drawn(found)}
