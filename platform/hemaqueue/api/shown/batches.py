"""A batch in the words of the interface: counted in the database each time."""

from __future__ import annotations

import dataclasses

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from hemaqueue.api.answers import BatchAnswer, BatchCounts, BatchRow, RefusedAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.specimens.models import Batch, SmearImage
from jobcontract.names import Work

DUPLICATE = "duplicate"


def batch_row(batch: Batch) -> BatchRow:
    return BatchRow(
        id=batch.pk,
        url=link("batch", batch.pk),
        name=batch.name,
        site=batch.site.slug,
        created_by=batch.created_by.printed_name,
        created_at=batch.created_at,
    )


def batch_answer(batch: Batch) -> BatchAnswer:
    counts = batch_counts(batch)
    return BatchAnswer(
        **dataclasses.asdict(batch_row(batch)),
        counts=counts,
        final=not (counts.waiting or counts.working),
        refused=[
            RefusedAnswer(one.filename, one.code, one.detail, one.duplicate_of_id)
            for one in batch.refused.all()
        ],
        images=link("images", batch=str(batch.pk)),
    )


def batch_counts(batch: Batch) -> BatchCounts:
    """Count the files of a batch by what became of them, in two queries.

    The newest job of an image counts; an image whose job was called off counts as failed.
    """
    jobs = Job.objects.filter(subject=OuterRef("pk"), work=Work.CLASSIFY_SMEARS)
    newest = jobs.order_by("-created_at").values("state")[:1]
    images = SmearImage.objects.filter(batch=batch, withdrawn_at=None)
    found = images.annotate(state=Subquery(newest)).aggregate(
        accepted=Count("pk"),
        working=Count("pk", filter=Q(state=JobState.RUNNING)),
        done=Count("pk", filter=Q(state=JobState.SUCCEEDED)),
        failed=Count("pk", filter=Q(state__in=(*RETRYABLE, JobState.CANCELLED))),
    )
    refused = batch.refused.aggregate(
        duplicate=Count("pk", filter=Q(code=DUPLICATE)),
        refused=Count("pk", filter=~Q(code=DUPLICATE)),
    )
    waiting = found["accepted"] - found["working"] - found["done"] - found["failed"]
    return BatchCounts(waiting=waiting, **found, **refused)


def batch_jobs_failed(batch: Batch) -> QuerySet[Job]:
    """Return the failed jobs of a batch's images: what "try again" is about."""
    images = SmearImage.objects.filter(batch=batch, withdrawn_at=None)
    found = Job.objects.filter(work=Work.CLASSIFY_SMEARS, subject__in=images.values("pk"))
    return found.filter(state__in=tuple(RETRYABLE)).order_by("created_at")
