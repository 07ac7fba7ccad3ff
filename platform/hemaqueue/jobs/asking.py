"""What a person may ask of a job: another try, or that it be called off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.moving import jobs_move, ledger_notify
from hemaqueue.jobs.refusals import JobAskedAlready, JobNotRetryable
from hemaqueue.jobs.services import TRY_IS_OVER
from hemaqueue.jobs.states import LIVE, RETRYABLE, JobState, Lane

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


@transaction.atomic(savepoint=False)
def job_retry(
    job: Job, *, by: User, lane: Lane = Lane.NORMAL, otherwise: Mapping[str, Any] | None = None
) -> Job:
    """Queue a failed job again because a person asks for it: same record, next attempt.

    `otherwise` is what is asked differently from now on. Old news does not count any more.
    Raises JobNotRetryable, JobAskedAlready.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in RETRYABLE:
        raise JobNotRetryable
    fresh: dict[str, Any] = {"errors": 0, "crashes": 0, "unheard": 0, "lane": lane, "message": None}
    try:
        with transaction.atomic():
            fresh |= {"available_at": Now(), **TRY_IS_OVER, **(otherwise or {})}
            jobs_move([job], JobState.QUEUED, by=by, **fresh)
    except IntegrityError as error:
        raise JobAskedAlready from error
    ledger_notify()
    job.refresh_from_db()
    return job


@transaction.atomic(savepoint=False)
def job_cancel(job: Job, *, by: User) -> Job:
    """Cancel a job that waits; ask a running one to stop, its result is then not recorded."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state == JobState.QUEUED:
        jobs_move([job], JobState.CANCELLED, by=by)
    elif job.state in LIVE:
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    job.refresh_from_db()
    return job
