"""A batch in numbers: counted in the database each time, never kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.specimens.models import Batch
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.duplicates import DUPLICATE
from hemaqueue.web.shown.queue import QueueShown, queue_shown
from jobcontract.names import Work

ARRIVING = timedelta(seconds=15)


@dataclass(frozen=True)
class Counts:
    images: int
    done: int
    attention: int
    working: int
    waiting: int
    failed: int
    refused: int
    duplicates: int
    newest: datetime | None

    @property
    def all(self) -> int:
        return self.images + self.refused + self.duplicates


@dataclass(frozen=True)
class Part:
    """One stretch of the stacked bar, in thousandths of its width."""

    kind: str
    start: str
    width: str


@dataclass(frozen=True)
class BatchShown:
    url: str
    name: str
    line: str
    by: str
    at: datetime
    chips: list[Chip]
    parts: list[Part]
    label: str
    failed: int
    refused: int
    duplicates: int
    running: bool
    working: bool
    images: int
    delay: int
    queue: QueueShown
    rows_url: str
    retry_url: str
    add_url: str
    refusals_url: str
    mark: str


def batch_name(batch: Batch) -> str:
    """Return the batch's name, or when it was sent."""
    when = date_format(timezone.localtime(batch.created_at), "j F, H:i")
    return batch.name or _("Images of %s") % when


def batch_counts(batch: Batch) -> Counts:
    """Return what became of the files of a batch, in four queries."""
    images = batch.images.filter(withdrawn_at=None)
    jobs = Job.objects.filter(work=Work.CLASSIFY_SMEARS, subject__in=images.values("pk"))
    states = jobs.aggregate(
        done=Count("pk", filter=Q(state=JobState.SUCCEEDED)),
        working=Count("pk", filter=Q(state=JobState.RUNNING)),
        waiting=Count("pk", filter=Q(state__in=(JobState.QUEUED, JobState.SENT))),
        failed=Count("pk", filter=Q(state__in=RETRYABLE)),
    )
    doubtful = Prediction.objects.filter(image__in=images).filter(
        ~Q(flags=[]) | ~Q(image__quality_flags=[])
    )
    arrived = images.aggregate(count=Count("pk"), newest=Max("uploaded_at"))
    return Counts(
        images=arrived["count"],
        newest=arrived["newest"],
        attention=doubtful.values("image").distinct().count(),
        **states,
        **batch.refused.aggregate(
            refused=Count("pk", filter=~Q(code=DUPLICATE)),
            duplicates=Count("pk", filter=Q(code=DUPLICATE)),
        ),
    )


def batch_jobs_failed(batch: Batch) -> list[Job]:
    """Return the failed jobs of a batch's images: what "try again" is about."""
    images = batch.images.filter(withdrawn_at=None).values("pk")
    found = Job.objects.filter(work=Work.CLASSIFY_SMEARS, subject__in=images)
    return list(found.filter(state__in=RETRYABLE).order_by("created_at"))


def batch_shown(batch: Batch, *, user: User) -> BatchShown:
    counts = batch_counts(batch)
    queue = queue_shown()
    chips = _chips(counts, paused=queue.paused)
    may_retry = may(user, act=Act.RETRY, site=batch.site_id)
    may_add = may(user, act=Act.UPLOAD, site=batch.site_id)
    return BatchShown(
        url=reverse("batch", args=[batch.pk]),
        name=batch_name(batch),
        line=f"{_files(counts.all)} · {batch.site.name}",
        by=batch.created_by.printed_name,
        at=batch.created_at,
        chips=chips,
        parts=_parts(counts),
        label=", ".join(chip.word for chip in chips),
        failed=counts.failed,
        refused=counts.refused,
        duplicates=counts.duplicates,
        running=bool(counts.waiting or counts.working),
        working=bool(counts.waiting or counts.working) or _still_arriving(batch, counts),
        images=counts.images,
        delay=1 if counts.all <= 50 else 2,
        queue=queue,
        rows_url=reverse("batch_rows", args=[batch.pk]),
        retry_url=reverse("batch_retry", args=[batch.pk]) if may_retry else "",
        add_url=reverse("batch_add", args=[batch.pk]) if may_add else "",
        refusals_url=reverse("batch_refusals", args=[batch.pk]),
        mark=f"{counts.images}.{counts.done}.{counts.working}.{counts.waiting}.{counts.failed}.{counts.refused}"
        f".{counts.duplicates}.{queue.paused}",
    )


def _still_arriving(batch: Batch, counts: Counts) -> bool:
    """Return whether files came a moment ago, so that more may follow."""
    return timezone.now() - max(batch.created_at, counts.newest or batch.created_at) < ARRIVING


def _files(count: int) -> str:
    return ngettext("%(n)d file", "%(n)d files", count) % {"n": count}


def _chips(counts: Counts, *, paused: bool) -> list[Chip]:
    waiting = Chip("waiting", "circle", _("%(n)d waiting") % {"n": counts.waiting})
    if paused:
        waiting = Chip("waiting", "pause-circle", _("%(n)d paused") % {"n": counts.waiting})
    every = [
        (counts.done, Chip("done", "check-circle", _("%(n)d done") % {"n": counts.done})),
        (
            counts.working,
            Chip("working", "arrow-repeat", _("%(n)d working") % {"n": counts.working}),
        ),
        (counts.waiting, waiting),
        (
            counts.failed,
            Chip("failed", "exclamation-octagon", _("%(n)d failed") % {"n": counts.failed}),
        ),
        (counts.refused, Chip("failed", "x-circle", _("%(n)d refused") % {"n": counts.refused})),
        (
            counts.duplicates,
            Chip("done", "images", _("%(n)d already here") % {"n": counts.duplicates}),
        ),
        (
            counts.attention,
            Chip(
                "attention",
                "exclamation-diamond",
                _("%(n)d to check first") % {"n": counts.attention},
            ),
        ),
    ]
    return [chip for count, chip in every if count]


def _parts(counts: Counts) -> list[Part]:
    calm = max(0, counts.done - counts.attention)
    stretches = [
        ("done", calm + counts.duplicates),
        ("attention", min(counts.attention, counts.done)),
        ("working", counts.working),
        ("waiting", counts.waiting),
        ("failed", counts.failed + counts.refused),
    ]
    parts, start, whole = [], 0.0, max(1, counts.all)
    for kind, count in stretches:
        width = 1000 * count / whole
        if count:
            parts.append(Part(kind, f"{start:.1f}", f"{width:.1f}"))
        start += width
    return parts
