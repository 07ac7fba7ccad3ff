"""The start page, by what a person does: send, read, keep it running."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.cache import caches
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import ALLOWED, Act, Role
from hemaqueue.accounts.selectors import memberships_of, sites_allowing
from hemaqueue.reviews import selectors as reviews
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_list
from hemaqueue.web.shown.batches import BatchShown
from hemaqueue.web.shown.home_bench import batches_running, bench_tiles, needing_rows
from hemaqueue.web.shown.home_reading import (
    AgreementShown,
    agreement_by_class,
    agreement_by_model,
    reading_tiles,
    turnaround_plot,
)
from hemaqueue.web.shown.home_running import (
    FailureLine,
    failures_today,
    running_tiles,
    throughput_plot,
)
from hemaqueue.web.shown.plots import Plot
from hemaqueue.web.shown.queue import QueueShown, queue_shown
from hemaqueue.web.shown.returned import ReturnedLine, returned_shown
from hemaqueue.web.shown.rows import ImageRow, image_rows
from hemaqueue.web.shown.tiles import LinkTile
from hemaqueue.web.shown.worklist import CaseRow, worklist_rows

RECENT, READ_NEXT = 8, 5


@dataclass(frozen=True)
class ActLink:
    url: str
    word: str
    icon: str


@dataclass(frozen=True)
class Numbers:
    """What changes by itself: one row of tiles for each thing a person does."""

    groups: list[tuple[str, list[LinkTile]]]
    batches: list[BatchShown]


@dataclass(frozen=True)
class Home:
    greeting: str
    acts: list[ActLink]
    numbers: Numbers
    needing: list[ImageRow]
    worklist: list[CaseRow]
    plots: list[Plot]
    agreements: list[AgreementShown]
    failures: list[FailureLine]
    recent_title: str
    recent: list[ImageRow]
    may_upload: bool
    returned: list[ReturnedLine]


@dataclass(frozen=True)
class Doing:
    """What a person does at any of their sites."""

    sends: bool = False
    reads: bool = False
    runs: bool = False
    acts: frozenset[Act] = field(default_factory=frozenset)


def doing(user: User) -> Doing:
    roles = [Role(membership.role) for membership in memberships_of(user)]
    acts = frozenset[Act]().union(*(ALLOWED[role] for role in roles))
    reads = Act.DECIDE in acts
    return Doing(
        sends=Act.UPLOAD in acts and not reads, reads=reads, runs=Act.MANAGE in acts, acts=acts
    )


def home_shown(user: User) -> Home:
    does, queue = doing(user), queue_shown()
    here = reverse("home")
    images, title = _recent(user, does)
    plots, agreements = _slow(user, does)
    return Home(
        greeting=_("Good to see you, %s") % (user.first_name or user.username),
        acts=list(_acts(does)),
        numbers=numbers_shown(user, does=does, queue=queue),
        needing=needing_rows(user, paused=queue.paused, back=here) if does.sends else [],
        worklist=_read_next(user) if does.reads else [],
        plots=plots,
        agreements=agreements,
        failures=failures_today(user) if does.runs else [],
        recent_title=title,
        recent=image_rows(images, user=user, paused=queue.paused, back=here),
        may_upload=Act.UPLOAD in does.acts,
        returned=returned_shown(user) if does.sends else [],
    )


def numbers_shown(user: User, *, does: Doing, queue: QueueShown) -> Numbers:
    groups = []
    if does.reads:
        groups.append((_("Reading"), list(reading_tiles(user))))
    if does.sends:
        groups.append((_("The bench"), list(bench_tiles(user))))
    if does.runs:
        groups.append((_("The queue"), list(running_tiles(user, queue=queue))))
    batches = batches_running(user) if Act.UPLOAD in does.acts else []
    return Numbers(groups, batches)


def _read_next(user: User) -> list[CaseRow]:
    sites = sites_allowing(user, act=Act.DECIDE)
    first = reviews.worklist(user).filter(case__site__in=sites)[:READ_NEXT]
    return worklist_rows(list(first), user=user)


def _plots(user: User, does: Doing) -> Iterator[Plot]:
    if does.reads and (plot := turnaround_plot(user)):
        yield plot
    if does.runs and (plot := throughput_plot()):
        yield plot


def _agreements(user: User, does: Doing) -> Iterator[AgreementShown]:
    if does.reads and (shown := agreement_by_class(user)):
        yield shown
    if does.runs and (shown := agreement_by_model(user)):
        yield shown


def _slow(user: User, does: Doing) -> tuple[list[Plot], list[AgreementShown]]:
    """Return what is counted over days, kept for a minute: it hardly changes meanwhile."""
    key = f"{user.pk}:{get_language()}:{','.join(sorted(does.acts))}"
    kept = caches["statistics"].get(key)
    if kept is None:
        kept = list(_plots(user, does)), list(_agreements(user, does))
        caches["statistics"].set(key, kept)
    return kept


def _recent(user: User, does: Doing) -> tuple[list[SmearImage], str]:
    """Return one's own images for who sends them, everybody's for the others."""
    images = image_list(user)
    if does.sends and (mine := list(images.filter(uploaded_by=user)[:RECENT])):
        return mine, _("What you sent")
    return list(images[:RECENT]), _("Newest images")


def _acts(does: Doing) -> Iterator[ActLink]:
    if does.reads:
        yield ActLink(reverse("worklist"), _("Read the worklist"), "eye")
    if Act.UPLOAD in does.acts:
        yield ActLink(reverse("upload"), _("Upload images"), "cloud-arrow-up")
    yield ActLink(reverse("history"), _("History"), "clock-history")
