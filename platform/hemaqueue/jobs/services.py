"""The only code that changes a job's state. Each function is one transaction, under row locks.

Times are PostgreSQL's: no decision uses the clock of a worker or of a web server.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Now

from hemaqueue.common.commits import commit_soon
from hemaqueue.common.prepared import Among, Given, Prepared
from hemaqueue.jobs.inserting import job_insert
from hemaqueue.jobs.models import IN_HAND, Job
from hemaqueue.jobs.moving import jobs_move, ledger_notify
from hemaqueue.jobs.states import CRASH_SENTENCES, LIVE, JobState, Lane
from jobcontract.messages import Outcome, Ticket

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

BACK_OFF_SECONDS = (2, 5, 15, 45, 120)
MAX_ERRORS = len(BACK_OFF_SECONDS)
DEADLINE_MARGIN = timedelta(seconds=15)
UNHEARD_BEFORE_QUARANTINE = 5
Values = dict[str, Any]

_locked: Prepared[Job] = Prepared(
    lambda: (
        Job.objects.select_for_update()
        .filter(
            Among("pk", "jobs", UUIDField()),
            message=Given("parcel", UUIDField()),
            state__in=LIVE,
        )
        .order_by("pk")
    )
)
NOT_IN_HAND: Values = {"published": False, "started_at": None, "deadline_at": None}
TRY_IS_OVER: Values = NOT_IN_HAND | {"missing_since": None}


@transaction.atomic(savepoint=False)
def job_create(*, dedupe_key: str, by: User | None, **values: Any) -> Job:
    """Record a job, or return the live one that does the same already."""
    job = Job(dedupe_key=dedupe_key, requested_by=by, **values)
    while not job_insert(job):
        live = Job.objects.filter(dedupe_key=dedupe_key, finished_at=None).first()
        if live is not None:
            return live
    return job


@transaction.atomic(savepoint=False)
def jobs_send(jobs: Sequence[Job], *, parcel: UUID, time_limit: float) -> None:
    """Give locked, queued jobs to one parcel."""
    jobs_move(
        jobs,
        JobState.SENT,
        message=parcel,
        sent_at=Now(),
        heard_at=Now(),
        missing_since=None,
        time_limit=time_limit,
        error_code="",
        error_detail="",
        progress={},
        **NOT_IN_HAND,
    )
    for job in jobs:
        job.state, job.message, job.time_limit = JobState.SENT, parcel, time_limit
        job.attempt += 1


@transaction.atomic(savepoint=False)
def jobs_published(parcels: Collection[UUID]) -> None:
    """Note that parcels reached Redis. Until then the outbox sends them again."""
    commit_soon()
    Job.objects.filter(message__in=parcels, state__in=IN_HAND).update(published=True)


def _fenced(parcel: str, tickets: Iterable[Ticket]) -> list[Job]:
    """Lock and return the jobs of which `parcel` is the last try, and which are not over."""
    attempts = {UUID(ticket.job): ticket.attempt for ticket in tickets}
    found = _locked(jobs=list(attempts), parcel=UUID(parcel))
    return [job for job in found if job.attempt == attempts[job.pk]]


@transaction.atomic(savepoint=False)
def jobs_started(parcel: str, tickets: Iterable[Ticket]) -> list[Job]:
    """Note that a worker began. Returns the jobs for which that was news."""
    jobs = [job for job in _fenced(parcel, tickets) if _may_start(job)]
    if jobs:
        jobs_move(
            jobs,
            JobState.RUNNING,
            started_at=Now(),
            heard_at=Now(),
            deadline_at=Now() + timedelta(seconds=jobs[0].time_limit) + DEADLINE_MARGIN,
        )
    return jobs


def _may_start(job: Job) -> bool:
    """Say whether a start is news: of a parcel on its way or thought lost, not of an ended try."""
    thought_lost = job.state == JobState.QUEUED and job.missing_since is not None
    return thought_lost or job.state == JobState.SENT


@transaction.atomic(savepoint=False)
def jobs_progressed(parcel: str, tickets: Iterable[Ticket], *, progress: Values) -> list[Job]:
    """Note a sign of life, and return whose; one that overtook `started` stands in for it."""
    tickets = list(tickets)
    jobs = [job for job in _fenced(parcel, tickets) if job.state != JobState.QUEUED]
    if any(job.state == JobState.SENT for job in jobs):
        jobs_started(parcel, tickets)
    values: Values = {"progress": progress} if progress else {}
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(heard_at=Now(), **values)
    return jobs


@transaction.atomic(savepoint=False)
def jobs_finished(parcel: str, outcomes: Iterable[Outcome]) -> list[tuple[Job, Outcome]]:
    """Record how the jobs of a parcel went; return those that succeeded, now, for the first time.

    The caller records their results in the same transaction.
    """
    told = {UUID(outcome.job): outcome for outcome in outcomes}
    tickets = [Ticket(job=outcome.job, attempt=outcome.attempt) for outcome in told.values()]
    jobs = _fenced(parcel, tickets)
    done = [job for job in jobs if told[job.pk].ok and not job.cancel_requested]
    dropped = [job for job in jobs if job.cancel_requested]
    if done:
        jobs_move(done, JobState.SUCCEEDED, progress={})
    if dropped:
        jobs_move(dropped, JobState.CANCELLED)
    for job in jobs:
        if not told[job.pk].ok and not job.cancel_requested:
            _fail(job, told[job.pk])
    if jobs:
        ledger_notify()
    return [(job, told[job.pk]) for job in done]


def _fail(job: Job, outcome: Outcome) -> None:
    values: Values = {"error_code": outcome.code[:40], "error_detail": outcome.detail[:300]}
    if outcome.transient and job.state == JobState.QUEUED:
        return  # it has another try already
    if outcome.transient and job.errors < MAX_ERRORS:
        pause = timedelta(seconds=BACK_OFF_SECONDS[job.errors])
        values |= {"errors": job.errors + 1, "available_at": Now() + pause} | TRY_IS_OVER
        jobs_move([job], JobState.QUEUED, code=outcome.code, **values)
    else:
        jobs_move([job], JobState.FAILED, code=outcome.code, **values)


@transaction.atomic(savepoint=False)
def jobs_crashed(parcel: str, tickets: Iterable[Ticket], *, code: str) -> None:
    """A worker died over these: they travel alone from now on, and are given up at the third."""
    for job in _fenced(parcel, tickets):
        if job.state != JobState.QUEUED:
            job_crash(job, code=code)
    ledger_notify()


@transaction.atomic(savepoint=False)
def jobs_released(parcel: str, tickets: Iterable[Ticket]) -> None:
    """A worker gave these back because it had to end: they are offered again, and nobody crashed.

    What nobody wants any more ends here.
    """
    for job in _fenced(parcel, tickets):
        if job.state == JobState.QUEUED:
            continue
        if job.cancel_requested:
            jobs_move([job], JobState.CANCELLED, code="released")
        else:
            jobs_move([job], JobState.QUEUED, code="released", **TRY_IS_OVER)
    ledger_notify()


def job_crash(job: Job, *, code: str) -> None:
    """Count a crash of a locked job: another try, the last one in quarantine, or the end."""
    if job.cancel_requested:
        return jobs_move([job], JobState.CANCELLED, code=code)
    crashes = job.crashes + 1
    dead = crashes >= job.max_crashes
    last = crashes >= job.max_crashes - 1
    jobs_move(
        [job],
        JobState.DEAD if dead else JobState.QUEUED,
        code=code,
        crashes=crashes,
        error_code=code,
        error_detail=CRASH_SENTENCES.get(code, CRASH_SENTENCES["worker_lost"]),
        lane=Lane.QUARANTINE if last else job.lane,
        **TRY_IS_OVER,
    )


@transaction.atomic(savepoint=False)
def jobs_requeue(jobs: QuerySet[Job]) -> int:
    """Offer jobs again whose parcel is lost. Nobody crashed; the attempt stays as it is."""
    lost = list(jobs.select_for_update(skip_locked=True))
    for job in lost:
        _requeue(job)
    return len(lost)


def _requeue(job: Job) -> None:
    if job.cancel_requested:
        return jobs_move([job], JobState.CANCELLED, code="lost")
    unheard = job.unheard + 1
    lane = Lane.QUARANTINE if unheard >= UNHEARD_BEFORE_QUARANTINE else job.lane
    values = NOT_IN_HAND | {"unheard": unheard, "lane": lane, "missing_since": Now()}
    return jobs_move([job], JobState.QUEUED, code="lost", **values)
