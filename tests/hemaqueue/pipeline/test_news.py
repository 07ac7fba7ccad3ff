"""Only our workers are heard, and nothing they say can stop the records worker."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.jobs.models import Pulse, WorkerPresence
from hemaqueue.jobs.selectors import queue_truth
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.tasks import hear_news
from jobcontract import signing
from jobcontract.messages import Tidings
from jobcontract.names import News
from tests.hemaqueue.jobs.ledger import a_job, failure, sent, state_of, tickets

pytestmark = pytest.mark.django_db


def tell(**values: Any) -> None:
    hear_news(letter=signing.sign(Tidings(**values).to_json(), salt=signing.Salt.NEWS))


def test_a_start_moves_the_job_and_is_felt_as_a_pulse() -> None:
    job = a_job()
    parcel = sent(job)
    tell(kind=News.STARTED, parcel=parcel, tickets=tuple(tickets(job)))
    assert state_of(job) == JobState.RUNNING
    assert Pulse.objects.get().started_sent_at == job.sent_at


def test_a_failure_is_recorded_with_its_code_and_sentence() -> None:
    job = a_job()
    tell(kind=News.FINISHED, parcel=sent(job), outcomes=(failure(job),))
    assert state_of(job) == JobState.FAILED
    assert job.error_code == "corrupt_image"


def test_a_crash_offers_the_job_again() -> None:
    job = a_job()
    tell(kind=News.CRASHED, parcel=sent(job), tickets=tuple(tickets(job)), code="worker_lost")
    assert state_of(job) == JobState.QUEUED
    assert job.crashes == 1


def test_a_worker_that_says_it_is_there_counts_as_present() -> None:
    assert queue_truth().is_paused
    tell(kind=News.PRESENT, worker="host.1", queues=("inference",), processes=3)
    tell(kind=News.PRESENT, worker="host.1", queues=("inference",), processes=3)
    assert WorkerPresence.objects.count() == 1
    assert queue_truth().processes == 3


@pytest.mark.parametrize(
    "letter",
    [
        "",
        "junk",
        signing.sign({"kind": "started"}, salt=signing.Salt.WORK),
        signing.sign(["not", "an", "object"], salt=signing.Salt.NEWS),
        signing.sign({"kind": "no such news"}, salt=signing.Salt.NEWS),
        signing.sign({"kind": "started", "parcel": "x", "tickets": [1]}, salt=signing.Salt.NEWS),
        signing.sign({"kind": "started", "parcel": "x", "tickets": 5}, salt=signing.Salt.NEWS),
        signing.sign({"kind": "probe", "at": "yesterday"}, salt=signing.Salt.NEWS),
        signing.sign({"kind": "probe", "at": "2026-13-45T00:00:00Z"}, salt=signing.Salt.NEWS),
        signing.sign({"kind": "finished", "parcel": "no uuid"}, salt=signing.Salt.NEWS),
    ],
)
def test_what_is_forged_or_malformed_is_dropped(letter: str) -> None:
    hear_news(letter=letter)
