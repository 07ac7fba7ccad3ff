"""A batch in words: its line, its chips, its bar, and how long it will take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.pipeline.counting import BatchCounts, batch_counts, batch_seconds_left
from hemaqueue.specimens.models import Batch
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.queue import QueueShown, queue_shown

ARRIVING = timedelta(seconds=15)


@dataclass(frozen=True)
class Part:
    """One stretch of the stacked bar, in thousandths of its width."""

    kind: str
    start: str
    width: str


@dataclass(frozen=True)
class BatchShown:
    """`yours` says that this person sent it: only they may choose about what is held."""

    url: str
    name: str
    line: str
    by: str
    yours: bool
    at: datetime
    counts: BatchCounts
    chips: list[Chip]
    parts: list[Part]
    label: str
    running: bool
    working: bool
    pace: str
    delay: int
    queue: QueueShown
    rows_url: str
    retry_url: str
    add_url: str
    refusals_url: str
    summary_url: str
    mark: str


def batch_name(batch: Batch) -> str:
    """Return the batch's name, or when it was sent."""
    when = date_format(timezone.localtime(batch.created_at), "j F, H:i")
    return batch.name or _("Images of %s") % when


def batch_shown(batch: Batch, *, user: User) -> BatchShown:
    counts = batch_counts(batch)
    queue = queue_shown()
    chips = _chips(counts, paused=queue.paused)
    may_retry = may(user, act=Act.RETRY, site=batch.site_id)
    may_add = may(user, act=Act.UPLOAD, site=batch.site_id)
    return BatchShown(
        url=reverse("batch", args=[batch.pk]),
        name=batch_name(batch),
        line=f"{_files(counts)} · {batch.site.name}",
        by=batch.created_by.printed_name,
        yours=batch.created_by_id == user.pk,
        at=batch.created_at,
        counts=counts,
        chips=chips,
        parts=_parts(counts),
        label=", ".join(chip.word for chip in chips),
        running=counts.running,
        working=counts.running or _still_arriving(batch, counts),
        pace=_pace(batch, counts) if counts.running and not queue.paused else "",
        delay=1 if counts.all <= 50 else 2,
        queue=queue,
        rows_url=reverse("batch_rows", args=[batch.pk]),
        retry_url=reverse("batch_retry", args=[batch.pk]) if may_retry else "",
        add_url=reverse("batch_add", args=[batch.pk]) if may_add else "",
        refusals_url=reverse("batch_refusals", args=[batch.pk]),
        summary_url=reverse("batch_summary", args=[batch.pk]),
        mark=_mark(counts, paused=queue.paused),
    )


def _mark(counts: BatchCounts, *, paused: bool) -> str:
    """Return a text that changes with every number."""
    values = vars(replace(counts, newest=None)).values()
    return ".".join(str(int(value or 0)) for value in (*values, paused))


def _still_arriving(batch: Batch, counts: BatchCounts) -> bool:
    """Return whether files came a moment ago, so that more may follow."""
    return timezone.now() - max(batch.created_at, counts.newest or batch.created_at) < ARRIVING


def _files(counts: BatchCounts) -> str:
    if counts.missing:
        words = ngettext("%(n)d of %(all)d file", "%(n)d of %(all)d files", counts.expected)
        return words % {"n": counts.all, "all": counts.expected}
    return ngettext("%(n)d file", "%(n)d files", counts.all) % {"n": counts.all}


def _pace(batch: Batch, counts: BatchCounts) -> str:
    """Return about how long the rest takes, "" where nobody can know."""
    if counts.unpacking:
        return ""
    left = batch_seconds_left(batch, waiting=counts.waiting + counts.working)
    if left is None:
        return ""
    if left < 60:
        return _("less than a minute left")
    minutes = round(left / 60)
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes) % {"n": minutes}


def _chips(counts: BatchCounts, *, paused: bool) -> list[Chip]:
    waiting = Chip("waiting", "circle", _("%(n)d waiting") % {"n": counts.waiting})
    if paused:
        waiting = Chip("waiting", "pause-circle", _("%(n)d paused") % {"n": counts.waiting})
    held = Chip(
        "attention",
        "pause-circle",
        _("%(n)d held") % {"n": counts.held},
        _("Poor pictures that wait for a choice: send them anyway, or take them back"),
    )
    every = [
        (counts.unpacking, Chip("working", "arrow-repeat", _("unpacking"))),
        (counts.done, _chip("done", "check-circle", _("%(n)d done"), counts.done)),
        (counts.working, _chip("working", "arrow-repeat", _("%(n)d working"), counts.working)),
        (counts.waiting, waiting),
        (counts.held, held),
        (counts.failed, _chip("failed", "exclamation-octagon", _("%(n)d failed"), counts.failed)),
        (counts.refused, _chip("failed", "x-circle", _("%(n)d refused"), counts.refused)),
        (counts.duplicates, _chip("done", "images", _("%(n)d already here"), counts.duplicates)),
        (
            counts.cancelled,
            _chip("waiting", "slash-circle", _("%(n)d cancelled"), counts.cancelled),
        ),
        (counts.withdrawn, _chip("waiting", "trash", _("%(n)d withdrawn"), counts.withdrawn)),
        (
            counts.attention,
            _chip("attention", "exclamation-diamond", _("%(n)d to check first"), counts.attention),
        ),
    ]
    return [chip for count, chip in every if count]


def _chip(kind: str, icon: str, words: str, count: int) -> Chip:
    return Chip(kind, icon, words % {"n": count})


def _parts(counts: BatchCounts) -> list[Part]:
    calm = max(0, counts.done - counts.attention)
    stretches = [
        ("done", calm + counts.duplicates),
        ("attention", min(counts.attention, counts.done) + counts.held),
        ("working", counts.working),
        ("waiting", counts.waiting + counts.cancelled + counts.withdrawn),
        ("failed", counts.failed + counts.refused),
    ]
    parts, start, whole = [], 0.0, max(1, counts.all, counts.expected)
    for kind, count in stretches:
        width = 1000 * count / whole
        if count:
            parts.append(Part(kind, f"{start:.1f}", f"{width:.1f}"))
        start += width
    return parts
