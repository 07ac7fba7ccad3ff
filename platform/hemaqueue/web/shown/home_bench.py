"""What a technician sees first: what needs them, what is on its way, what they sent today."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.reviews.returning import returns_open
from hemaqueue.reviews.statistics import midnight
from hemaqueue.specimens.models import Batch, SmearImage
from hemaqueue.specimens.selectors import batch_list, image_list
from hemaqueue.web.shown.batches import BatchShown, batch_shown
from hemaqueue.web.shown.rows import ImageRow, image_rows
from hemaqueue.web.shown.tiles import LinkTile
from jobcontract.names import Work

LIVE = (JobState.QUEUED, JobState.SENT, JobState.RUNNING)
NEEDED_SHOWN, BATCHES_SHOWN, BATCHES_LOOKED_AT = 10, 4, 30


def bench_tiles(user: User) -> Iterator[LinkTile]:
    """Yield what became of what one sent today, in one query."""
    today = timezone.localdate().isoformat()
    history = f"{reverse('history')}?since={today}"
    found = _of_today(user)
    yield LinkTile(str(found["images"]), _("You sent today"), history)
    yield LinkTile(str(found["done"]), _("Done"), f"{history}&status=done")
    yield LinkTile(str(found["live"]), _("Waiting or in work"), f"{history}&status=waiting")
    failed = found["failed"]
    kind = "failed" if failed else ""
    yield LinkTile(str(failed), _("Failed"), f"{history}&status=failed", kind=kind)
    back = returns_open(user).count()
    address = f"{reverse('history')}?status=returned"
    yield LinkTile(str(back), _("Sent back"), address, kind="attention" if back else "")


def _of_today(user: User) -> dict[str, int]:
    job = Job.objects.filter(subject=OuterRef("pk"), work=Work.CLASSIFY_SMEARS)
    mine = SmearImage.objects.filter(
        site__in=site_ids(user), uploaded_at__gte=midnight(), uploaded_by=user, withdrawn_at=None
    )
    with_state = mine.annotate(
        state=Subquery(job.order_by("-created_at").values("state")[:1]),
    )
    return with_state.aggregate(
        images=Count("pk"),
        done=Count("pk", filter=Q(state=JobState.SUCCEEDED)),
        live=Count("pk", filter=Q(state__in=LIVE)),
        failed=Count("pk", filter=Q(state__in=RETRYABLE)),
    )


def needing_rows(user: User, *, paused: bool, back: str) -> list[ImageRow]:
    """Return one's own images whose work failed, the newest first."""
    failed = Job.objects.filter(
        site__in=site_ids(user), state__in=RETRYABLE, work=Work.CLASSIFY_SMEARS, requested_by=user
    ).order_by("-finished_at")
    ids = list(failed.values_list("subject", flat=True)[:NEEDED_SHOWN])
    images = image_list(user).in_bulk(ids)
    shown = [images[pk] for pk in dict.fromkeys(ids) if pk in images]
    return image_rows(shown, user=user, paused=paused, back=back)


def batches_running(user: User) -> list[BatchShown]:
    """Return one's own newest batches that still have work to be done."""
    live = Job.objects.filter(work=Work.CLASSIFY_SMEARS, state__in=LIVE)
    newest = batch_list(user).filter(created_by=user)[:BATCHES_LOOKED_AT]
    images = SmearImage.objects.filter(batch__in=[one.pk for one in newest])
    at_work = set(
        images.filter(pk__in=live.values("subject")).values_list("batch", flat=True).distinct()
    )
    running: list[Batch] = [one for one in newest if one.pk in at_work]
    return [batch_shown(one, user=user) for one in running[:BATCHES_SHOWN]]
