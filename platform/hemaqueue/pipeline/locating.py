"""Having white cells found, as a reader wants it. Steps like in steps.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.jobs.asking import job_retry
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.pipeline.enqueue import SINGLE, Finished, enqueue
from hemaqueue.reviews.proposed_cells import cells_propose, require_findable
from hemaqueue.specimens.models import SmearImage
from jobcontract import sealing
from jobcontract.locating import FoundCells, LocateCells
from jobcontract.names import Work

if TYPE_CHECKING:
    from uuid import UUID

    from hemaqueue.accounts.models import User


def locating_job(image: UUID) -> Job | None:
    """Return the newest work that looked for the cells of an image."""
    asked = Job.objects.filter(work=Work.LOCATE_CELLS, subject=image)
    found: Job | None = asked.order_by("-created_at").first()
    return found


@transaction.atomic
def cells_wanted(image: SmearImage, *, by: User) -> Job:
    """A reader wants the white cells of a field found.

    What was found is not looked for again, and what failed is tried again as the same job.

    Raises: see `require_findable`.
    """
    require_findable(image, by=by)
    audit_record("cell.find", by=by, about=image)
    known = locating_job(image.pk)
    if known and known.state == JobState.SUCCEEDED:
        return known
    if known and known.state in RETRYABLE:
        return job_retry(known, by=by)
    return enqueue(
        Work.LOCATE_CELLS,
        LocateCells(image=sealing.shared_file(image.key)),
        subject=image.pk,
        site=image.site_id,
        by=by,
        priority=SINGLE,
    )


def cells_located(finished: Finished) -> None:
    """Cells were found: propose them to whoever reads the image."""
    for job, outcome in finished:
        found = FoundCells.from_json(outcome.body).cells
        cells_propose(SmearImage.objects.get(pk=job.subject), found)
