"""What an administrator sees first: the queue as it is, its pace, and what failed today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.jobs.statistics import failures_since, jobs_done_by_hour, jobs_done_since
from hemaqueue.reviews.statistics import midnight
from hemaqueue.web.shown.failures import advice
from hemaqueue.web.shown.numbers import duration
from hemaqueue.web.shown.plots import Column, Plot, bar, grouped
from hemaqueue.web.shown.queue import LATE_SECONDS, QueueShown
from hemaqueue.web.shown.tiles import LinkTile

HOURS = 24
PACE = timedelta(minutes=10)


@dataclass(frozen=True)
class FailureLine:
    code: str
    count: str
    advice: str
    at: datetime


def running_tiles(user: User, *, queue: QueueShown) -> Iterator[LinkTile]:
    status = reverse("status")
    yield LinkTile(str(queue.waiting), _("Images waiting"), status)
    yield LinkTile(*_oldest(queue), url=status, kind=_late(queue))
    yield LinkTile(str(queue.running), _("In work now"), status)
    kind = "" if queue.workers else "attention"
    yield LinkTile(
        f"{queue.workers} · {queue.processes}", _("Workers · processes"), status, kind=kind
    )
    yield LinkTile(_pace(), _("Images a minute"), status)
    failed = sum(one.count for one in failures_since(user, when=midnight()))
    kind = "failed" if failed else ""
    yield LinkTile(str(failed), _("Failed today"), "#failures-title" if failed else "", kind=kind)


def _oldest(queue: QueueShown) -> tuple[str, str]:
    if queue.oldest is None:
        return _("none"), _("Oldest waiting")
    return duration(timezone.now() - queue.oldest), _("Oldest waiting")


def _late(queue: QueueShown) -> str:
    late = timedelta(seconds=LATE_SECONDS)
    return "attention" if queue.oldest and timezone.now() - queue.oldest >= late else ""


def _pace() -> str:
    """Return the images classified a minute, over the last ten."""
    done = jobs_done_since(timezone.now() - PACE)
    minutes = PACE.total_seconds() / 60
    return number_format(round(done / minutes, 1), 1 if done < 10 * minutes else 0)


def throughput_plot() -> Plot | None:
    """Return how many images each of the last hours classified, None for an idle day."""
    hours = jobs_done_by_hour(hours=HOURS)
    whole = sum(hours.values())
    if not whole:
        return None
    most = max(hours.values())
    return Plot(
        id="throughput",
        title=_("Images classified, by hour"),
        caption=_("%(n)s in %(hours)d hours; at most %(most)s in one.")
        % {"n": grouped([whole])[0], "hours": HOURS, "most": grouped([most])[0]},
        columns=[
            Column(
                word=date_format(timezone.localtime(hour), "H"),
                full=date_format(timezone.localtime(hour), "j F, H:i"),
                above=grouped([count])[0] if count else "",
                below="",
                marks=bar(count, most=most),
            )
            for hour, count in hours.items()
        ],
        head=[_("From"), _("Images")],
        rows=[
            [date_format(timezone.localtime(hour), "j F, H:i"), *grouped([count])]
            for hour, count in reversed(hours.items())
        ],
    )


def failures_today(user: User) -> list[FailureLine]:
    return [
        FailureLine(one.code or "unknown", grouped([one.count])[0], advice(one.code), one.newest)
        for one in failures_since(user, when=midnight())
    ]
