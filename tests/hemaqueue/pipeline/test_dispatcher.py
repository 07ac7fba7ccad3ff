"""What is sent, when, and how much at a time."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from kombu.exceptions import OperationalError
from redis import Redis

from hemaqueue.jobs.classes import JobClass
from hemaqueue.jobs.models import URGENT, Ear, Job, WorkerPresence
from hemaqueue.jobs.states import JobState, Lane
from hemaqueue.pipeline import dispatcher
from hemaqueue.registry.models import AiSwitch
from jobcontract import signing
from jobcontract.messages import Parcel
from jobcontract.names import Queue, Work
from tests import factories
from tests.hemaqueue.jobs.ledger import a_job, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heard")]

URGENT_LIST, BULK_LIST = "inference", "inference\x06\x166"


def parcels(redis: Redis, name: str) -> list[Parcel]:
    """Return the parcels that wait in a list of Redis, the oldest first."""
    found = []
    for raw in reversed(redis.lrange(name, 0, -1)):  # type: ignore[arg-type]
        body = json.loads(base64.b64decode(json.loads(raw)["body"]))
        letter: Any = signing.verify(body[1]["letter"], salt=signing.Salt.WORK)
        found.append(Parcel.from_json(letter))
    return found


def a_worker(processes: int) -> None:
    WorkerPresence.objects.create(name="w", queues=[Queue.INFERENCE], processes=processes)


def test_a_single_upload_is_sent_at_once_and_first_in_line(redis: Redis) -> None:
    job = a_job(priority=URGENT)
    assert dispatcher.dispatch_due() == 1
    assert state_of(job) == JobState.SENT
    assert job.published
    (parcel,) = parcels(redis, URGENT_LIST)
    assert [ticket.job for ticket in parcel.tickets] == [str(job.pk)]
    assert parcel.id == str(job.message)


def test_a_backlog_goes_in_full_parcels_and_no_more_than_the_workers_can_soon_take(
    redis: Redis,
) -> None:
    a_worker(processes=2)
    largest = int(settings.HEMAQUEUE["BATCH_SIZE"])
    for _ in range(5 * largest):
        a_job()
    assert dispatcher.dispatch_due() == 4 * largest
    assert [len(parcel.tickets) for parcel in parcels(redis, BULK_LIST)] == [largest] * 4
    assert dispatcher.dispatch_due() == 0


def test_singles_that_wait_together_travel_together(redis: Redis) -> None:
    a_worker(processes=4)
    for _ in range(8):
        a_job(priority=URGENT)
    assert dispatcher.dispatch_due() == 8
    assert [len(parcel.tickets) for parcel in parcels(redis, URGENT_LIST)] == [2] * 4


def test_a_picture_of_a_bulk_waits_a_moment_for_others(redis: Redis, settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"LINGER_SECONDS": 30}
    first, _ = a_job(), a_job()
    assert dispatcher.dispatch_due() == 0
    Job.objects.filter(pk=first.pk).update(available_at=Now() - timedelta(seconds=31))
    assert dispatcher.dispatch_due() == 2
    assert [len(parcel.tickets) for parcel in parcels(redis, BULK_LIST)] == [2]


def test_what_somebody_waits_for_or_is_no_picture_does_not_linger(settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"LINGER_SECONDS": 30}
    a_job(priority=URGENT)
    a_job(work=Work.RENDER_REPORT, queue=Queue.REPORTS)
    assert dispatcher.dispatch_due() == 2


def test_a_suspended_bulk_lingers_like_any_other(settings: Any) -> None:
    elsewhere, by = factories.SiteFactory(slug="elsewhere"), factories.UserFactory()
    AiSwitch.objects.create(suspended=True, site=elsewhere, reason="Drill", by=by)
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"LINGER_SECONDS": 30}
    job = a_job(site=factories.SiteFactory())
    assert dispatcher.dispatch_due() == 0
    Job.objects.filter(pk=job.pk).update(available_at=Now() - timedelta(seconds=31))
    assert dispatcher.dispatch_due() == 1


def test_a_parcel_says_whether_somebody_waits_for_it(redis: Redis) -> None:
    a_job(priority=URGENT)
    a_job()
    dispatcher.dispatch_due()
    (first,), (second,) = parcels(redis, URGENT_LIST), parcels(redis, BULK_LIST)
    assert (first.urgent, second.urgent) == (True, False)


def test_a_suspension_is_seen_at_the_next_look(redis: Redis) -> None:
    a_job(site=factories.SiteFactory(), priority=URGENT)
    assert dispatcher.dispatch_due() == 1  # its questions are prepared by now
    job = a_job(site=factories.SiteFactory(), priority=URGENT)
    AiSwitch.objects.create(suspended=True, reason="Drill", by=factories.UserFactory())
    assert dispatcher.dispatch_due() == 0
    assert state_of(job) == JobState.QUEUED


def test_nothing_is_sent_while_no_news_is_heard() -> None:
    Ear.objects.update(probe_at=Now() - timedelta(seconds=7))
    job = a_job()
    assert dispatcher.dispatch_due() == 0
    assert state_of(job) == JobState.QUEUED


def test_a_job_that_has_to_wait_is_not_sent() -> None:
    job = a_job()
    Job.objects.filter(pk=job.pk).update(available_at=Now() + timedelta(seconds=60))
    assert dispatcher.dispatch_due() == 0
    assert state_of(job) == JobState.QUEUED


def test_while_one_dispatcher_sends_a_class_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock each of them would fill the places: twice as much would wait in Redis."""
    line = JobClass.of(a_job())
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"send {line.name}"])
        assert dispatcher.dispatch_due() == 0
        monkeypatch.setattr(dispatcher, "_locked", lambda line: True)
        assert dispatcher.dispatch_due() == 1


def test_a_job_in_quarantine_goes_to_its_own_list(redis: Redis) -> None:
    a_job(lane=Lane.QUARANTINE, crashes=2)
    dispatcher.dispatch_due()
    assert len(parcels(redis, "inference.quarantine\x06\x166")) == 1


def test_training_is_done_one_at_a_time() -> None:
    for _ in range(2):
        a_job(work=Work.FINE_TUNE_MODEL, queue=Queue.TRAINING)
    assert dispatcher.dispatch_due() == 1
    Job.objects.filter(state=JobState.SENT).update(
        state=JobState.RUNNING, deadline_at=Now() + timedelta(hours=1)
    )
    assert dispatcher.dispatch_due() == 0


def test_a_parcel_that_did_not_reach_redis_is_sent_again_as_the_same(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = a_job()
    with monkeypatch.context() as patch:
        patch.setattr(dispatcher.app, "send_task", _redis_is_away)
        dispatcher.dispatch_due()
    assert state_of(job) == JobState.SENT
    assert not job.published
    first = job.message
    Job.objects.update(sent_at=Now() - timedelta(seconds=3))
    dispatcher.publish_left_over()
    assert [parcel.id for parcel in parcels(redis, BULK_LIST)] == [str(first)]
    dispatcher.publish_left_over()
    assert len(parcels(redis, BULK_LIST)) == 1


def _redis_is_away(*_: Any, **__: Any) -> None:
    raise OperationalError("away")
