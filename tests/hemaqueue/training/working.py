"""A training run done here and now, by the real worker's code."""

from __future__ import annotations

from typing import Any

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.services import jobs_finished, jobs_progressed
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.parcels import parcel_of
from hemaqueue.pipeline.steps import after_success
from tests.hemaqueue.jobs.ledger import sent, tickets
from training_worker.fine_tuning import Told, fine_tuned


def work(job: Job) -> None:
    """Do what the dispatcher, the training worker and the records worker do with a job."""
    parcel = sent(job)
    told: list[dict[str, Any]] = []
    outcomes = fine_tuned(parcel_of([job], id=job.message, silence=60), told=Told(told.append))
    for progress in told:
        jobs_progressed(parcel, tickets(job), progress=progress)
    job.refresh_from_db()
    assert (job.progress["stage"], job.state) == ("judging", JobState.RUNNING)
    after_success(jobs_finished(parcel, outcomes))
