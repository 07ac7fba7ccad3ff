"""Jobs: read, waited for, tried again, called off."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection

from hemaqueue.accounts.models import User
from hemaqueue.api import waiting
from hemaqueue.audit.models import AuditEvent
from hemaqueue.jobs.asking import job_cancel
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(tessa: User) -> Script:
    return Script(tessa)


def address(job: Job, act: str = "") -> str:
    return f"/api/v1/jobs/{job.pk}/{act}"


def test_a_waiting_job_says_where_it_stands(script: Script) -> None:
    first = factories.job(about=factories.image())
    second = factories.job(about=factories.image())
    answer = script.get(address(second))
    said = answer.json()
    assert (said["state"], said["position"], said["final"]) == ("queued", 2, False)
    assert said["stage"]
    assert said["result_url"] is None
    assert answer["Retry-After"] == "1"
    assert script.get(address(first)).json()["position"] == 1


def test_people_see_a_sent_job_as_queued(script: Script) -> None:
    job = factories.job(about=factories.image(), state=JobState.SENT)
    assert script.get(address(job)).json()["state"] == "queued"


def test_a_job_that_succeeded_links_to_its_result(script: Script) -> None:
    image = factories.image()
    job = factories.prediction(image).job
    answer = script.get(address(job))
    assert answer.json()["result_url"] == f"/api/v1/images/{image.pk}/"
    assert "Retry-After" not in answer


def test_what_did_not_change_is_not_sent_again(script: Script) -> None:
    job = factories.job(about=factories.image())
    tag = script.get(address(job))["ETag"]
    again = script.get(address(job), headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    Job.objects.filter(pk=job.pk).update(attempt=1)
    assert script.get(address(job), headers={"If-None-Match": tag}).status_code == 200


def test_reading_a_job_leaves_no_event(script: Script) -> None:
    job = factories.job(about=factories.image())
    before = AuditEvent.objects.count()
    script.get(address(job))
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("wait", ["soon", "1e", ""])
def test_a_wait_that_is_no_number_is_refused(script: Script, wait: str) -> None:
    job = factories.job(about=factories.image())
    answer = script.get(address(job), data={"wait": wait})
    assert answer.status_code == (400 if wait else 200)


@pytest.mark.parametrize("wait", ["-3", "nan", "0"])
def test_no_wait_answers_at_once(script: Script, wait: str) -> None:
    job = factories.job(about=factories.image())
    begun = time.monotonic()
    assert script.get(address(job), data={"wait": wait}).status_code == 200
    assert time.monotonic() - begun < 1


def test_the_wait_ends_with_its_time(script: Script) -> None:
    job = factories.job(about=factories.image())
    begun = time.monotonic()
    assert script.get(address(job), data={"wait": "0.6"}).json()["final"] is False
    assert 0.6 <= time.monotonic() - begun < 2


@pytest.mark.django_db(transaction=True)
def test_a_long_poll_answers_when_the_job_ends(
    tessa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LOOK_ANYWAY", 8.0)
    script = Script(tessa)
    image = factories.image()
    job = factories.job(about=image)
    said: dict[str, Any] = {}

    def ask() -> None:
        begun = time.monotonic()
        said.update(script.get(address(job), data={"wait": "8"}).json())
        said["seconds"] = time.monotonic() - begun
        connection.close()

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.7)
    job_cancel(job, by=tessa)
    asking.join(10)
    assert said["state"] == "cancelled"
    assert said["seconds"] < 5


@pytest.mark.django_db(transaction=True)
def test_nobody_looks_again_when_other_work_ends(
    tessa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LOOK_ANYWAY", 8.0)
    mine, other = factories.job(about=factories.image()), factories.job(about=factories.image())
    looks: list[float] = []

    def wait() -> None:
        waiting.wait_until(lambda: bool(looks.append(0)), subject=mine.subject, seconds=1.5)
        connection.close()

    asking = threading.Thread(target=wait)
    asking.start()
    time.sleep(0.5)
    before = len(looks)
    job_cancel(other, by=tessa)
    time.sleep(0.5)
    assert len(looks) == before == 2
    asking.join(10)


def test_failed_work_is_tried_again_with_the_same_record(script: Script, tessa: User) -> None:
    job = factories.job(about=factories.image(), state=JobState.DEAD, crashes=3)
    answer = script.post(address(job, "retry/"))
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer.json()["id"] == str(job.pk)
    event = AuditEvent.objects.get(action="job.retry")
    assert (event.object_id, event.actor) == (str(job.pk), tessa)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED])
def test_only_failed_work_is_tried_again(script: Script, state: JobState) -> None:
    job = factories.job(about=factories.image(), state=state)
    answer = script.post(address(job, "retry/"))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_retryable")


def test_a_waiting_job_is_called_off(script: Script) -> None:
    job = factories.job(about=factories.image())
    assert script.post(address(job, "cancel/")).json()["state"] == "cancelled"


def test_a_running_job_is_asked_to_stop(script: Script) -> None:
    job = factories.job(about=factories.image(), state=JobState.RUNNING)
    said = script.post(address(job, "cancel/")).json()
    assert (said["state"], said["cancel_requested"]) == ("running", True)
