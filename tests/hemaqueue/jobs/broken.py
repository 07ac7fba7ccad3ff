"""Guards of the ledger, broken on purpose: each of these must turn the state machine red."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Now
from pytest import MonkeyPatch

from hemaqueue.jobs import asking, services
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.moving import jobs_move
from hemaqueue.jobs.states import LIVE, JobState, Lane
from hemaqueue.pipeline import dispatcher, parcels, reaper
from jobcontract.messages import Ticket
from tests.hemaqueue.jobs import machine

Break = Callable[[MonkeyPatch], None]


def the_fence_is_open(patch: MonkeyPatch) -> None:
    """News of any attempt and any message counts."""
    patch.setattr(services, "_fenced", lambda parcel, tickets: _named(tickets, state__in=LIVE))


def ends_are_not_final(patch: MonkeyPatch) -> None:
    """News is applied as often as it is told, and the table of moves is not looked at."""
    patch.setattr(JobState, "may_become", lambda *_: True)
    patch.setattr(services, "_fenced", lambda parcel, tickets: _named(tickets, message=parcel))


def crashes_are_not_counted(patch: MonkeyPatch) -> None:
    def crash(job: Job, *, code: str) -> None:
        jobs_move([job], JobState.QUEUED, code=code, **services.TRY_IS_OVER)

    _in_both(patch, crash)


def a_crash_counts_twice(patch: MonkeyPatch) -> None:
    whole = services.job_crash

    def crash(job: Job, *, code: str) -> None:
        job.crashes += 1
        whole(job, code=code)

    _in_both(patch, crash)


def the_crashed_wait_in_the_normal_lane(patch: MonkeyPatch) -> None:
    whole = services.job_crash

    def crash(job: Job, *, code: str) -> None:
        whole(job, code=code)
        Job.objects.filter(pk=job.pk).update(lane=job.lane)

    _in_both(patch, crash)


def the_crashed_are_set_apart_at_once(patch: MonkeyPatch) -> None:
    """Those who sat beside a poisoned one would jam the one process of quarantine."""
    whole = services.job_crash

    def crash(job: Job, *, code: str) -> None:
        whole(job, code=code)
        Job.objects.filter(pk=job.pk).update(lane=Lane.QUARANTINE)

    _in_both(patch, crash)


def the_crashed_travel_in_company(patch: MonkeyPatch) -> None:
    patch.setattr(parcels, "_kind", lambda job: (job.work, job.shared_key, False))


def losing_a_parcel_is_an_attempt(patch: MonkeyPatch) -> None:
    whole = services.jobs_requeue

    def requeue(jobs: QuerySet[Job]) -> int:
        lost = [job.pk for job in jobs]
        Job.objects.filter(pk__in=lost).update(attempt=F("attempt") + 1)
        return whole(jobs)

    patch.setattr(reaper, "jobs_requeue", requeue)


def losing_a_parcel_is_a_crash(patch: MonkeyPatch) -> None:
    whole = services._requeue

    def requeue(job: Job) -> None:
        job.crashes += 1
        Job.objects.filter(pk=job.pk).update(crashes=job.crashes)
        whole(job)

    patch.setattr(services, "_requeue", requeue)


def giving_back_is_a_crash(patch: MonkeyPatch) -> None:
    whole = services.jobs_released

    def released(parcel: str, tickets: Iterable[Ticket]) -> None:
        services.jobs_crashed(parcel, tickets, code="worker_lost")
        whole(parcel, tickets)

    patch.setattr(services, "jobs_released", released)


def lost_parcels_are_forgotten(patch: MonkeyPatch) -> None:
    patch.setattr(reaper, "jobs_requeue", lambda jobs: 0)


def silence_is_not_noticed(patch: MonkeyPatch) -> None:
    patch.setattr(reaper, "_reap_silent", lambda: None)


def what_was_called_off_is_offered_again(patch: MonkeyPatch) -> None:
    whole = services._requeue

    def requeue(job: Job) -> None:
        job.cancel_requested = False
        whole(job)

    patch.setattr(services, "_requeue", requeue)


def what_was_called_off_is_recorded(patch: MonkeyPatch) -> None:
    whole = services._fenced

    def fenced(parcel: str, tickets: Iterable[Ticket]) -> list[Job]:
        jobs = whole(parcel, tickets)
        for job in jobs:
            job.cancel_requested = False
        return jobs

    patch.setattr(services, "_fenced", fenced)


def a_late_start_wakes_what_crashed(patch: MonkeyPatch) -> None:
    waking = (JobState.QUEUED, JobState.SENT)
    patch.setattr(services, "_may_start", lambda job: job.state in waking)


def a_fault_counts_as_often_as_it_is_told(patch: MonkeyPatch) -> None:
    whole = services._fail

    def fail(job: Job, outcome: Any) -> None:
        job.state = JobState.RUNNING
        whole(job, outcome)

    patch.setattr(services, "_fail", fail)


def faults_are_never_enough(patch: MonkeyPatch) -> None:
    patch.setattr(services, "MAX_ERRORS", 1_000)
    patch.setattr(services, "BACK_OFF_SECONDS", (2,) * 1_000)


def old_news_counts_after_a_person_asked_again(patch: MonkeyPatch) -> None:
    whole = machine.job_retry

    def retry(job: Job, **values: Any) -> Job:
        last = job.message
        again = whole(job, **values)
        Job.objects.filter(pk=job.pk).update(message=last)
        return again

    patch.setattr(machine, "job_retry", retry)


def anything_is_tried_again(patch: MonkeyPatch) -> None:
    patch.setattr(JobState, "may_become", lambda *_: True)
    patch.setattr(asking, "RETRYABLE", frozenset(JobState))


def an_end_has_no_time(patch: MonkeyPatch) -> None:
    """The database's own constraint is what refuses it."""
    patch.setattr(JobState, "is_final", property(lambda _: False))


def two_senders_take_the_same(patch: MonkeyPatch) -> None:
    """What is due is read without looking at the state."""

    def due(line: Any, free: int) -> Sequence[Job]:
        any_state = Job.objects.filter(line.q(), finished_at=None, available_at__lte=Now())
        return list(any_state.order_by("id")[:free])

    patch.setattr(dispatcher, "_due", due)


def _named(tickets: Iterable[Ticket], **more: Any) -> list[Job]:
    pks = [UUID(ticket.job) for ticket in tickets]
    return list(Job.objects.filter(pk__in=pks, **more).order_by("pk"))


def _in_both(patch: MonkeyPatch, crash: Callable[..., None]) -> None:
    patch.setattr(services, "job_crash", crash)
    patch.setattr(reaper, "job_crash", crash)


OFTEN_SEEN: tuple[Break, ...] = (
    the_fence_is_open,
    ends_are_not_final,
    crashes_are_not_counted,
    a_crash_counts_twice,
    the_crashed_wait_in_the_normal_lane,
    the_crashed_are_set_apart_at_once,
    the_crashed_travel_in_company,
    losing_a_parcel_is_an_attempt,
    losing_a_parcel_is_a_crash,
    giving_back_is_a_crash,
    lost_parcels_are_forgotten,
    silence_is_not_noticed,
    what_was_called_off_is_offered_again,
    what_was_called_off_is_recorded,
    a_late_start_wakes_what_crashed,
    faults_are_never_enough,
    anything_is_tried_again,
    an_end_has_no_time,
    two_senders_take_the_same,
    old_news_counts_after_a_person_asked_again,
)

#: Seen by few orders of events only: it takes the machine half a minute.
SELDOM_SEEN: tuple[Break, ...] = (a_fault_counts_as_often_as_it_is_told,)
