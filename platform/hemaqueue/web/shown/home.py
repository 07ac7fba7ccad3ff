"""The start page of each role: what waits, what was sent, what to do first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.jobs.selectors import jobs_failed
from hemaqueue.reviews import selectors as reviews
from hemaqueue.specimens.models import Batch, SmearImage
from hemaqueue.specimens.selectors import batch_list, image_list
from hemaqueue.web.shown.batches import batch_shown
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.models import Tile
from hemaqueue.web.shown.queue import queue_shown
from hemaqueue.web.shown.rows import ImageRow, image_rows
from hemaqueue.web.shown.worklist import CaseRow, cases_to_read, worklist_rows

RECENT, READ_NEXT, BATCHES = 8, 5, 3


@dataclass(frozen=True)
class LinkTile(Tile):
    url: str = ""


@dataclass(frozen=True)
class ActLink:
    url: str
    word: str
    icon: str


@dataclass(frozen=True)
class BatchLine:
    url: str
    name: str
    line: str
    chips: list[Chip]
    at: datetime


@dataclass(frozen=True)
class Home:
    greeting: str
    acts: list[ActLink]
    tiles: list[LinkTile]
    reads: bool
    worklist: list[CaseRow]
    recent_title: str
    recent: list[ImageRow]
    may_upload: bool
    batches: list[BatchLine]


def home_shown(user: User) -> Home:
    uploads = sites_allowing(user, act=Act.UPLOAD).exists()
    readable = sites_allowing(user, act=Act.DECIDE)
    reads = readable.exists()
    first = reviews.worklist(user).filter(case__site__in=readable)[:READ_NEXT] if reads else []
    cases = worklist_rows(list(first), user=user)
    images, title = _recent(user, uploads=uploads and not reads)
    return Home(
        greeting=_("Good to see you, %s") % (user.first_name or user.username),
        acts=list(_acts(uploads=uploads, reads=reads)),
        tiles=list(_tiles(user, to_read=cases_to_read(user).count() if reads else None)),
        reads=bool(cases),
        worklist=cases,
        recent_title=title,
        recent=image_rows(images, user=user, paused=queue_shown().paused, back=reverse("home")),
        may_upload=uploads,
        batches=[_batch(one, user=user) for one in batch_list(user)[:BATCHES]],
    )


def _recent(user: User, *, uploads: bool) -> tuple[list[SmearImage], str]:
    """Return one's own images for who sends them, everybody's for who reads them."""
    images = image_list(user)
    if uploads and (mine := list(images.filter(uploaded_by=user)[:RECENT])):
        return mine, _("What you sent")
    return list(images[:RECENT]), _("Newest images")


def _acts(*, uploads: bool, reads: bool) -> Iterator[ActLink]:
    if reads:
        yield ActLink(reverse("worklist"), _("Read the worklist"), "eye")
    if uploads:
        yield ActLink(reverse("upload"), _("Upload images"), "cloud-arrow-up")
    yield ActLink(reverse("history"), _("History"), "clock-history")


def _tiles(user: User, *, to_read: int | None) -> Iterator[LinkTile]:
    queue = queue_shown()
    history = reverse("history")
    if to_read is not None:
        yield LinkTile(str(to_read), _("cases to read"), reverse("worklist"))
    yield LinkTile(str(queue.waiting), _("images waiting"), f"{history}?status=waiting")
    yield LinkTile(str(queue.running), _("in work now"), reverse("status"))
    failed = jobs_failed(user).count()
    yield LinkTile(str(failed), _("did not succeed"), f"{history}?status=failed")
    yield LinkTile(str(image_list(user).count()), _("images in all"), history)


def _batch(batch: Batch, *, user: User) -> BatchLine:
    shown = batch_shown(batch, user=user)
    return BatchLine(shown.url, shown.name, shown.line, shown.chips, shown.at)
