"""A batch in the words of the interface: counted in the database each time."""

from __future__ import annotations

import dataclasses

from hemaqueue.api.answers import BatchAnswer, BatchCounts, BatchRow, RefusedAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.pipeline import counting
from hemaqueue.specimens.models import Batch


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
    found = counting.batch_counts(batch)
    return BatchAnswer(
        **dataclasses.asdict(batch_row(batch)),
        counts=batch_counts(found),
        final=not found.running,
        unpacking=found.unpacking,
        seconds_left=_seconds_left(batch, found),
        refused=[
            RefusedAnswer(one.filename, one.code, one.detail, one.duplicate_of_id)
            for one in batch.refused.all()
        ],
        images=link("images", batch=str(batch.pk)),
    )


def batch_counts(found: counting.BatchCounts) -> BatchCounts:
    """Return the numbers of a batch; an image whose job was called off counts as cancelled."""
    return BatchCounts(
        expected=found.expected,
        accepted=found.images,
        duplicate=found.duplicates,
        refused=found.refused,
        withdrawn=found.withdrawn,
        held=found.held,
        waiting=found.waiting,
        working=found.working,
        done=found.done,
        failed=found.failed,
        cancelled=found.cancelled,
    )


def _seconds_left(batch: Batch, found: counting.BatchCounts) -> int | None:
    if not found.running:
        return None
    return counting.batch_seconds_left(batch, waiting=found.waiting + found.working)
