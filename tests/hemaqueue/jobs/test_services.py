"""The ledger's promises, one move at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from hemaqueue.jobs.models import Job, JobEvent
from hemaqueue.jobs.services import (
    MAX_ERRORS,
    jobs_crashed,
    jobs_finished,
    jobs_progressed,
    jobs_released,
    jobs_requeue,
    jobs_started,
)
from hemaqueue.jobs.states import JobState, Lane
from tests.hemaqueue.jobs.ledger import a_job, failure, sent, state_of, success, tickets

pytestmark = pytest.mark.django_db


def test_a_job_runs_and_succeeds() -> None:
    job = a_job()
    parcel = sent(job)
    assert state_of(job) == JobState.SENT
    jobs_started(parcel, tickets(job))
    assert state_of(job) == JobState.RUNNING
    done = jobs_finished(parcel, [success(job, label="benign")])
    assert [(one.pk, outcome.body) for one, outcome in done] == [(job.pk, {"label": "benign"})]
    assert state_of(job) == JobState.SUCCEEDED
    assert job.finished_at is not None


def test_a_job_waits_until_the_time_it_was_given() -> None:
    later = timezone.now() + timedelta(minutes=5)
    job = a_job(available_at=later)
    assert job.available_at == later
    job.refresh_from_db()
    assert job.available_at == later
    assert a_job().available_at <= timezone.now()


def test_every_move_leaves_an_event() -> None:
    job = a_job()
    parcel = sent(job)
    jobs_started(parcel, tickets(job))
    jobs_finished(parcel, [success(job)])
    moves = list(JobEvent.objects.filter(job=job).values_list("state", "attempt"))
    assert moves == [("queued", 0), ("sent", 1), ("running", 1), ("succeeded", 1)]


def test_a_late_start_is_ignored() -> None:
    job = a_job()
    parcel = sent(job)
    jobs_finished(parcel, [success(job)])
    assert jobs_started(parcel, tickets(job)) == []
    assert state_of(job) == JobState.SUCCEEDED


def test_success_told_twice_is_recorded_once() -> None:
    job = a_job()
    parcel = sent(job)
    assert len(jobs_finished(parcel, [success(job)])) == 1
    assert jobs_finished(parcel, [success(job)]) == []


def test_news_of_another_message_is_ignored() -> None:
    job = a_job()
    sent(job)
    assert jobs_finished("00000000-0000-0000-0000-000000000000", [success(job)]) == []
    assert state_of(job) == JobState.SENT


def test_news_of_an_earlier_attempt_is_ignored() -> None:
    job = a_job()
    first = sent(job)
    early = success(job)
    jobs_started(first, tickets(job))
    jobs_crashed(first, tickets(job), code="worker_lost")
    job.refresh_from_db()
    sent(job)
    assert jobs_finished(first, [early]) == []
    assert state_of(job) == JobState.SENT


def test_success_after_an_unjust_reap_still_counts_until_the_job_is_sent_again() -> None:
    job = a_job()
    parcel = sent(job)
    jobs_requeue(Job.objects.filter(pk=job.pk))
    assert state_of(job) == JobState.QUEUED
    assert len(jobs_finished(parcel, [success(job)])) == 1
    assert state_of(job) == JobState.SUCCEEDED


def test_a_permanent_fault_fails_the_job_alone() -> None:
    good, bad = a_job(), a_job()
    parcel = sent(good, bad)
    done = jobs_finished(parcel, [success(good), failure(bad)])
    assert [job.pk for job, _ in done] == [good.pk]
    assert state_of(bad) == JobState.FAILED
    assert (bad.error_code, bad.error_detail) == ("corrupt_image", "No.")


def test_a_transient_fault_is_tried_again_later_and_five_times_at_most() -> None:
    job = a_job()
    for n in range(1, MAX_ERRORS + 1):
        parcel = sent(job)
        jobs_finished(parcel, [failure(job, "storage_away", transient=True)])
        assert state_of(job) == JobState.QUEUED
        assert job.errors == n
        assert job.available_at > job.sent_at
    parcel = sent(job)
    jobs_finished(parcel, [failure(job, "storage_away", transient=True)])
    assert state_of(job) == JobState.FAILED


def test_a_poison_job_goes_to_quarantine_and_dies_at_its_third_crash() -> None:
    job = a_job()
    lanes, states = [], []
    for _ in range(3):
        parcel = sent(job)
        jobs_started(parcel, tickets(job))
        jobs_crashed(parcel, tickets(job), code="worker_lost")
        states.append(state_of(job))
        lanes.append(job.lane)
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.DEAD]
    assert lanes == [Lane.NORMAL, Lane.QUARANTINE, Lane.QUARANTINE]
    assert job.error_code == "worker_lost"


def test_a_lost_parcel_is_no_crash() -> None:
    job = a_job()
    sent(job)
    assert jobs_requeue(Job.objects.filter(pk=job.pk)) == 1
    assert state_of(job) == JobState.QUEUED
    assert (job.crashes, job.unheard, job.attempt) == (0, 1, 1)


def test_progress_that_overtakes_the_start_stands_in_for_it() -> None:
    job = a_job()
    parcel = sent(job)
    jobs_progressed(parcel, tickets(job), progress={"epoch": 2})
    assert state_of(job) == JobState.RUNNING
    assert job.progress == {"epoch": 2}


def test_the_same_question_is_asked_once_while_it_is_open() -> None:
    job = a_job()
    assert a_job(subject=job.subject).pk == job.pk
    jobs_finished(sent(job), [success(job)])
    assert a_job(subject=job.subject).pk != job.pk


def test_a_job_cannot_be_deleted() -> None:
    job = a_job()
    with pytest.raises(InternalError), transaction.atomic():
        Job.objects.filter(pk=job.pk)._raw_delete("default")


def test_an_event_cannot_be_altered() -> None:
    a_job()
    with pytest.raises(InternalError), transaction.atomic():
        JobEvent.objects.update(code="x")


def test_a_final_state_without_an_end_is_refused_by_the_database() -> None:
    job = a_job()
    wrong = pytest.raises(IntegrityError, match="job_is_finished_exactly_when_final")
    with wrong, transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)


def test_a_transient_fault_told_twice_counts_once() -> None:
    job = a_job()
    for n in range(1, MAX_ERRORS + 1):
        parcel = sent(job)
        fault = failure(job, "storage_away", transient=True)
        jobs_finished(parcel, [fault])
        jobs_finished(parcel, [fault])
        assert (state_of(job), job.errors) == (JobState.QUEUED, n)


def test_a_start_told_again_after_a_crash_does_not_wake_the_dead_worker() -> None:
    job = a_job()
    parcel = sent(job)
    jobs_started(parcel, tickets(job))
    jobs_crashed(parcel, tickets(job), code="worker_lost")
    assert jobs_started(parcel, tickets(job)) == []
    assert state_of(job) == JobState.QUEUED


def test_a_start_that_comes_after_its_parcel_was_thought_lost_counts() -> None:
    job = a_job()
    parcel = sent(job)
    jobs_requeue(Job.objects.filter(pk=job.pk))
    jobs_started(parcel, tickets(job))
    assert state_of(job) == JobState.RUNNING


def test_what_a_worker_gives_back_is_offered_again_and_nobody_crashed() -> None:
    waiting, begun = a_job(), a_job()
    parcel = sent(waiting, begun)
    jobs_started(parcel, tickets(begun))
    jobs_released(parcel, tickets(waiting, begun))
    assert (state_of(waiting), state_of(begun)) == (JobState.QUEUED, JobState.QUEUED)
    assert (begun.crashes, begun.errors, begun.unheard) == (0, 0, 0)


def test_a_result_after_giving_back_counts_until_the_job_is_sent_again() -> None:
    job = a_job()
    parcel = sent(job)
    jobs_started(parcel, tickets(job))
    jobs_released(parcel, tickets(job))
    assert len(jobs_finished(parcel, [success(job)])) == 1


def test_giving_back_an_earlier_attempt_is_no_news() -> None:
    job = a_job()
    first, early = sent(job), tickets(job)
    jobs_released(first, early)
    job.refresh_from_db()
    sent(job)
    jobs_released(first, early)
    assert state_of(job) == JobState.SENT
