"""Another try says by which version, and a person may choose the one that serves now."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.audit.models import AuditEvent
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import SmearImage
from tests import factories
from tests.people import Script

ASKED = "smearnet-synthetic-1"


def failed(*, batch: bool = False) -> Job:
    """Return work that ended with its worker, asked of the version that served."""
    image = factories.image(batch=factories.BatchFactory() if batch else None)
    return factories.job(about=image, state=JobState.DEAD, error_code="worker_lost")


def a_newer_one_serves() -> ModelVersion:
    version = factories.ModelVersionFactory(name="smearnet-synthetic-2", status="candidate")
    model_promote(version, by=None, reason="Better on the test set")
    return version


@pytest.fixture(autouse=True)
def first(db: None) -> None:
    factories.ModelVersionFactory(name=ASKED)


def asked_of(job: Job) -> str:
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    return ModelVersion.objects.get(pk=job.shared["version"]).name


def test_the_page_says_by_which_version_it_is_tried(tessa: Client) -> None:
    job = failed()
    page = tessa.get(reverse("image", args=[job.subject])).content.decode()
    assert f"Asked of {ASKED}" in page
    assert "which serves now" not in page, "the same one would do it"
    tessa.post(reverse("job_retry", args=[job.pk]))
    assert asked_of(job) == ASKED


def test_where_another_serves_by_now_a_person_chooses(tessa: Client) -> None:
    job = failed()
    newer = a_newer_one_serves()
    for name, address in (("image", reverse("image", args=[job.subject])), ("list", "/history/")):
        page = tessa.get(address).content.decode()
        assert f"By {newer.name}, which serves now" in page, name
    tessa.post(reverse("job_retry", args=[job.pk]), {"model": "serving"})
    assert asked_of(job) == newer.name
    assert newer.digest in job.shared_key
    assert str(newer.pk) in job.dedupe_key
    event = AuditEvent.objects.get(action="job.retry")
    assert event.details["version"] == str(newer.pk)


def test_unless_chosen_it_is_the_version_of_the_first_try(tessa: Client) -> None:
    job = failed()
    a_newer_one_serves()
    tessa.post(reverse("job_retry", args=[job.pk]), {"model": "asked"})
    assert asked_of(job) == ASKED


def test_a_batch_is_tried_again_by_the_version_that_serves(tessa: Client) -> None:
    job = failed(batch=True)
    newer = a_newer_one_serves()
    batch = SmearImage.objects.get(pk=job.subject).batch
    assert batch
    page = tessa.get(reverse("batch", args=[batch.pk])).content.decode()
    assert f"By {newer.name}, which serves now" in page
    tessa.post(reverse("batch_retry", args=[batch.pk]), {"model": "serving"})
    assert asked_of(job) == newer.name


def test_the_interface_says_it_and_takes_the_choice() -> None:
    job, script = failed(), Script(factories.tessa())
    newer = a_newer_one_serves()
    address = f"/api/v1/jobs/{job.pk}/"
    assert script.get(address).json()["model_version"] == job.shared["version"]
    refused = script.post(f"{address}retry/", {"model": "the best one"})
    assert refused.status_code == 400
    again = script.post(f"{address}retry/", {"model": "serving"})
    assert (again.status_code, again.json()["model_version"]) == (202, str(newer.pk))


def test_where_none_serves_the_choice_is_refused_with_its_code() -> None:
    job = failed()
    ModelVersion.objects.update(status="retired")
    refused = Script(factories.tessa()).post(f"/api/v1/jobs/{job.pk}/retry/", {"model": "serving"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_model_serves")
    job.refresh_from_db()
    assert job.state == JobState.DEAD
