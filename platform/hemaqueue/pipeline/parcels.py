"""Jobs become parcels: what one Celery message holds, and how long it may take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from uuid import UUID

from hemaqueue.jobs.classes import JobClass
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import Lane
from jobcontract.messages import Parcel, Ticket
from jobcontract.names import Work

#: Seconds for a parcel, and for each job in it. The first includes a worker's cold start.
TIME_LIMITS: dict[Work, tuple[float, float]] = {
    Work.CLASSIFY_SMEARS: (120, 5),
    Work.EXPLAIN_PREDICTION: (120, 20),
    Work.LOCATE_CELLS: (120, 20),
    Work.CHECK_MODEL: (120, 20),
    Work.PROVE_MODEL: (120, 20),
    Work.TRY_SMEARS: (120, 5),
    Work.RESCORE_SMEARS: (120, 5),
    Work.RENDER_REPORT: (60, 30),
    Work.BUILD_EXPORT: (120, 900),
    Work.FINE_TUNE_MODEL: (5 * 3600, 0),
    Work.EVALUATE_MODEL: (3600, 0),
    Work.UNPACK_ARCHIVE: (1800, 0),
    Work.IMPORT_DATASET: (4 * 3600, 0),
}


def time_limit(work: str, *, size: int) -> float:
    base, each = TIME_LIMITS[Work(work)]
    return base + each * size


def grouped(
    jobs: Sequence[Job], *, slots: int, largest: int, smallest: int = 1
) -> Iterator[list[Job]]:
    """Yield at most `slots` groups for as many parcels, spread evenly over them.

    A few jobs are not spread further than `smallest`: each parcel costs two pieces of news.

    A group is of one kind of work and one model. A job that crashed a worker travels alone, and
    so does one that failed twice: what fails a whole parcel must not fail the others for good.
    Jobs for which no slot is left stay queued.
    """
    parcels = max(1, min(slots, len(jobs) // smallest))
    size = max(1, min(largest, math.ceil(len(jobs) / parcels)))
    groups: list[list[Job]] = []
    for (*_, alone), same in groupby(jobs, key=_kind):
        members = list(same)
        step = 1 if alone else size
        groups += [members[at : at + step] for at in range(0, len(members), step)]
    yield from groups[:slots]


def _kind(job: Job) -> tuple[str, str, bool]:
    alone = job.crashes > 0 or job.errors > 1 or job.lane == Lane.QUARANTINE
    return job.work, job.shared_key, alone


def parcel_of(jobs: Sequence[Job], *, id: UUID, silence: float) -> Parcel:
    """Return the message for jobs that were sent under `id`, always in the same order."""
    ordered = sorted(jobs, key=lambda job: job.pk)
    return Parcel(
        id=str(id),
        work=ordered[0].work,
        tickets=tuple(Ticket(job=str(job.pk), attempt=job.attempt) for job in ordered),
        bodies=tuple(job.payload for job in ordered),
        shared=ordered[0].shared,
        silence=silence,
        urgent=JobClass.of(ordered[0]).urgent,
    )
