"""What counts as lost, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now
from redis import Redis

from hemaqueue.jobs.models import URGENT, Ear, Job
from hemaqueue.jobs.services import jobs_started
from hemaqueue.jobs.states import JobState, Lane
from hemaqueue.pipeline import dispatcher
from hemaqueue.pipeline.ear import probe_heard, pulse_felt
from hemaqueue.pipeline.enqueue import silence_limit
from hemaqueue.pipeline.reaper import reap
from jobcontract.names import Queue
from tests.hemaqueue.jobs.ledger import a_job, sent, state_of, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heard")]

SILENCE = timedelta(seconds=settings.HEMAQUEUE["SILENCE_SECONDS"])


def running() -> Job:
    job = a_job()
    jobs_started(sent(job), tickets(job))
    return job


def age(job: Job, seconds: float, *fields: str) -> None:
    """Let something have happened `seconds` ago."""
    past = Now() - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(**dict.fromkeys(fields, past))


def test_a_running_job_that_is_heard_of_is_left_alone() -> None:
    job = running()
    age(job, SILENCE.total_seconds() - 5, "heard_at")
    reap()
    assert state_of(job) == JobState.RUNNING


def test_a_silent_worker_counts_as_a_crash() -> None:
    job = running()
    age(job, SILENCE.total_seconds() + 1, "heard_at")
    reap()
    assert state_of(job) == JobState.QUEUED
    assert (job.crashes, job.error_code) == (1, "silent")


def test_training_may_be_silent_for_twice_as_long() -> None:
    limit = silence_limit(Queue.TRAINING)
    job = running()
    Job.objects.update(silence_limit=limit)
    age(job, SILENCE.total_seconds() + 5, "heard_at")
    reap()
    assert state_of(job) == JobState.RUNNING
    age(job, limit + 1, "heard_at")
    reap()
    assert state_of(job) == JobState.QUEUED


def test_a_worker_that_only_beats_is_stopped_by_the_deadline() -> None:
    job = running()
    age(job, 1, "deadline_at")
    reap()
    assert state_of(job) == JobState.QUEUED
    assert job.crashes == 1


def test_nobody_is_judged_while_no_news_is_heard() -> None:
    job = running()
    age(job, SILENCE.total_seconds() + 100, "heard_at")
    Ear.objects.update(probe_at=Now() - timedelta(seconds=60))
    reap()
    assert state_of(job) == JobState.RUNNING


def test_the_first_probe_after_deafness_forgives_the_silence() -> None:
    job = running()
    age(job, SILENCE.total_seconds() + 100, "heard_at")
    Ear.objects.update(probe_at=Now() - timedelta(seconds=60))
    probe_heard(Job.objects.values_list("sent_at", flat=True)[0])
    reap()
    assert state_of(job) == JobState.RUNNING


def test_an_old_probe_is_no_proof() -> None:
    Ear.objects.update(probe_at=None)
    job = a_job()
    probe_heard(job.created_at - timedelta(seconds=30))
    assert not dispatcher.news_is_heard()


def test_a_parcel_that_waits_in_redis_is_not_lost(redis: Redis) -> None:
    job = a_job()
    dispatcher.dispatch_due()
    age(job, 500, "heard_at", "sent_at")
    reap()
    reap()
    assert state_of(job) == JobState.SENT
    assert job.missing_since is None


def test_a_parcel_that_a_flush_took_is_offered_again_after_the_grace(redis: Redis) -> None:
    job = a_job()
    dispatcher.dispatch_due()
    redis.flushdb()
    age(job, 2, "heard_at")
    reap()
    assert state_of(job) == JobState.SENT
    assert job.missing_since is not None
    age(job, SILENCE.total_seconds(), "heard_at", "missing_since")
    reap()
    assert state_of(job) == JobState.QUEUED
    assert (job.crashes, job.unheard) == (0, 1)


def test_what_waits_in_quarantine_for_a_child_that_starts_is_not_lost(redis: Redis) -> None:
    job = a_job(lane=Lane.QUARANTINE)
    dispatcher.dispatch_due()
    redis.flushdb()
    age(job, SILENCE.total_seconds(), "heard_at", "missing_since")
    reap()
    assert state_of(job) == JobState.SENT
    age(job, 3 * SILENCE.total_seconds(), "heard_at", "missing_since")
    reap()
    assert state_of(job) == JobState.QUEUED


def test_a_parcel_that_was_overtaken_is_missing_though_others_wait(redis: Redis) -> None:
    lost, later = a_job(), a_job()
    dispatcher.dispatch_due()
    age(lost, 20, "heard_at", "sent_at")
    age(later, 20, "heard_at")
    later.refresh_from_db()
    assert later.sent_at is not None
    pulse_felt("inference:normal:bulk", sent_at=later.sent_at)
    reap()
    lost.refresh_from_db()
    later.refresh_from_db()
    assert lost.missing_since is not None
    assert later.missing_since is None


def test_a_lost_parcel_that_somebody_waits_for_is_missed_though_a_backlog_waits(
    redis: Redis,
) -> None:
    urgent, _ = a_job(priority=URGENT), a_job()
    dispatcher.dispatch_due()
    redis.delete("inference")
    age(urgent, 2, "heard_at")
    reap()
    urgent.refresh_from_db()
    assert urgent.missing_since is not None
