"""What the tests of the ledger share: a job, a parcel, and news about it."""

from __future__ import annotations

import uuid
from typing import Any

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.services import job_create, jobs_send
from jobcontract.messages import Outcome, Ticket
from jobcontract.names import Queue, Work


def a_job(**values: Any) -> Job:
    subject = values.pop("subject", None) or uuid.uuid4()
    plain: dict[str, Any] = {
        "work": Work.CLASSIFY_SMEARS,
        "queue": Queue.INFERENCE,
        "payload": {},
        "shared": {"version": "v"},
        "shared_key": "digest",
        "subject": subject,
    }
    by = values.pop("by", None)
    return job_create(dedupe_key=str(subject), by=by, **(plain | values))


def sent(*jobs: Job) -> str:
    """Send jobs in one parcel and return its id."""
    parcel = uuid.uuid4()
    jobs_send(list(jobs), parcel=parcel, time_limit=60)
    for job in jobs:
        job.refresh_from_db()
    return str(parcel)


def tickets(*jobs: Job) -> list[Ticket]:
    return [Ticket(job=str(job.pk), attempt=job.attempt) for job in jobs]


def success(job: Job, **body: Any) -> Outcome:
    return Outcome(job=str(job.pk), attempt=job.attempt, ok=True, body=body)


def failure(job: Job, code: str = "corrupt_image", *, transient: bool = False) -> Outcome:
    return Outcome(
        job=str(job.pk), attempt=job.attempt, ok=False, code=code, detail="No.", transient=transient
    )


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state
