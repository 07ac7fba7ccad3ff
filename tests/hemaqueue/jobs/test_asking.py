"""What people ask of work: another try, or that it stops."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.jobs.asking import job_cancel, job_retry
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.refusals import JobAskedAlready, JobNotRetryable
from hemaqueue.jobs.services import jobs_crashed, jobs_finished, jobs_requeue, jobs_started
from hemaqueue.jobs.states import JobState
from tests.hemaqueue.jobs.ledger import a_job, failure, sent, state_of, success, tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def tessa() -> User:
    return User.objects.create_user("tessa")


def test_a_person_asks_again_for_failed_work_in_the_same_record(tessa: User) -> None:
    job = a_job()
    jobs_finished(sent(job), [failure(job)])
    job.refresh_from_db()
    again = job_retry(job, by=tessa)
    assert (again.pk, again.state, again.finished_at) == (job.pk, JobState.QUEUED, None)
    assert again.events.last().by == tessa


def test_work_that_did_not_fail_is_not_tried_again(tessa: User) -> None:
    with pytest.raises(JobNotRetryable):
        job_retry(a_job(), by=tessa)


def test_a_waiting_job_is_cancelled_and_a_running_one_is_not_recorded(tessa: User) -> None:
    waiting, running = a_job(), a_job()
    assert job_cancel(waiting, by=tessa).state == JobState.CANCELLED
    parcel = sent(running)
    jobs_started(parcel, tickets(running))
    job_cancel(running, by=tessa)
    assert jobs_finished(parcel, [success(running)]) == []
    assert state_of(running) == JobState.CANCELLED


@pytest.mark.parametrize("loss", ["lost", "crashed"])
def test_a_job_called_off_in_hand_is_not_offered_again(loss: str, tessa: User) -> None:
    job = a_job()
    parcel = sent(job)
    job_cancel(job, by=tessa)
    if loss == "lost":
        jobs_requeue(Job.objects.filter(pk=job.pk))
    else:
        jobs_crashed(parcel, tickets(job), code="worker_lost")
    assert state_of(job) == JobState.CANCELLED


def test_old_news_does_not_decide_about_work_that_a_person_asked_for_again(tessa: User) -> None:
    job = a_job()
    parcel = sent(job)
    jobs_finished(parcel, [failure(job)])
    job_retry(job, by=tessa)
    jobs_finished(parcel, [failure(job)])
    assert state_of(job) == JobState.QUEUED


def test_failed_work_is_not_tried_again_beside_the_same_work(tessa: User) -> None:
    job = a_job()
    jobs_finished(sent(job), [failure(job)])
    a_job(subject=job.subject)
    with pytest.raises(JobAskedAlready):
        job_retry(job, by=tessa)
