"""When a batch has ended: found once, whoever looks, and told to its sender."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from hemaqueue.jobs.models import Job
from hemaqueue.notices.models import NoticeKind
from hemaqueue.notices.services import notice_give
from hemaqueue.pipeline.counting import BatchCounts, batch_counts
from hemaqueue.specimens.batches import batch_end
from hemaqueue.specimens.models import Batch, SmearImage
from jobcontract.names import Work

logger = logging.getLogger(__name__)

QUIET = timedelta(seconds=15)  # nobody said how many files there will be
PATIENCE = timedelta(minutes=2)  # somebody did, and some are missing
AT_ONCE = 50
COUNTED = (
    "done", "failed", "cancelled", "held", "withdrawn", "refused", "duplicates", "attention",
    "missing",
)  # fmt: skip


def batches_end() -> int:
    """End the batches in which nothing waits any more; return how many notices were given.

    Two dispatchers may look at the same time: the row is locked, and its end is set once.
    """
    unclassified = Job.objects.filter(finished_at=None, work=Work.CLASSIFY_SMEARS)
    waiting = SmearImage.objects.filter(
        batch=OuterRef("pk"), pk__in=unclassified.order_by().values("subject")
    )
    unpacking = Job.objects.filter(finished_at=None, subject=OuterRef("pk"))
    still = Batch.objects.filter(ended_at=None).exclude(Exists(waiting) | Exists(unpacking))
    ids = list(still.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_end(pk) for pk in ids)


@transaction.atomic
def _end(pk: UUID) -> bool:
    open_still = Batch.objects.filter(pk=pk, ended_at=None).select_for_update(skip_locked=True)
    batch = open_still.first()
    if batch is None:
        return False
    counts = batch_counts(batch)
    if counts.running or not _all_is_here(batch, counts) or not batch_end(batch):
        return False
    if not counts.all:
        return False
    facts = {name: getattr(counts, name) for name in COUNTED}
    notice_give(to=batch.created_by, kind=NoticeKind.BATCH_ENDED, subject=batch.pk, **facts)
    logger.info("Batch %s has ended", batch.pk)
    return True


def _all_is_here(batch: Batch, counts: BatchCounts) -> bool:
    """Say whether nothing more is to come: all that was announced, or nothing for a while."""
    if batch.expected and not counts.missing:
        return True
    pause = PATIENCE if batch.expected else QUIET
    return timezone.now() - max(batch.created_at, counts.newest or batch.created_at) > pause
