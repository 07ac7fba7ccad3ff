"""Batches: opened, filled one by one, counted in the database."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import Batch
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(tessa: User, serving: ModelVersion) -> Script:
    return Script(tessa)


def test_a_batch_is_opened_at_the_only_site(script: Script) -> None:
    answer = script.post("/api/v1/batches/", {"name": "Tuesday"})
    assert answer.status_code == 201
    assert answer["Location"] == answer.json()["url"]
    assert (answer.json()["site"], answer.json()["name"]) == ("demo", "Tuesday")
    assert answer.json()["final"] is True


def test_every_file_is_counted_once(script: Script) -> None:
    factories.image(seed=9001)
    batch = script.post("/api/v1/batches/", {"name": "Tuesday"}).json()
    script.upload(factories.picture_file(9002), batch=batch["id"])
    script.upload(factories.picture_file(9001), batch=batch["id"], name="twin.png")
    script.upload(b"no picture", batch=batch["id"], name="notes.txt")
    found = Batch.objects.get(pk=batch["id"])
    for state in ("running", "failed", "dead", "cancelled"):
        factories.job(about=factories.image(batch=found), state=state)
    factories.prediction(factories.image(batch=found))
    factories.image(batch=found)
    said = script.get(batch["url"]).json()
    assert said["counts"] == {
        "expected": 0, "accepted": 7, "duplicate": 1, "refused": 1, "withdrawn": 0, "held": 0,
        "waiting": 2, "working": 1, "done": 1, "failed": 2, "cancelled": 1,
    }  # fmt: skip
    assert [(one["filename"], one["code"]) for one in said["refused"]] == [
        ("twin.png", "duplicate"),
        ("notes.txt", "unsupported_type"),
    ]
    assert said["final"] is False


def test_the_newest_job_of_an_image_counts(script: Script) -> None:
    batch = factories.BatchFactory()
    image = factories.image(batch=batch)
    factories.job(about=image, state="failed")
    factories.prediction(image)
    counts = script.get(f"/api/v1/batches/{batch.pk}/").json()["counts"]
    assert (counts["done"], counts["failed"]) == (1, 0)


def test_a_batch_links_to_its_images(script: Script) -> None:
    batch = factories.BatchFactory()
    image = factories.image(batch=batch)
    factories.image()
    listed = script.get(script.get(f"/api/v1/batches/{batch.pk}/").json()["images"]).json()
    assert [one["id"] for one in listed["results"]] == [str(image.pk)]


def test_everything_that_failed_is_tried_again(script: Script) -> None:
    batch = factories.BatchFactory()
    failed = [factories.job(about=factories.image(batch=batch), state="failed") for _ in range(2)]
    factories.job(about=factories.image(batch=batch), state="running")
    answer = script.post(f"/api/v1/batches/{batch.pk}/retry/")
    assert (answer.status_code, answer.json()) == (202, {"retried": 2})
    assert set(Job.objects.filter(state="queued")) == set(failed)


BAD_BODIES = [
    '{"name": NaN}',
    '{"name": "a\\u0000b"}',
    '{"name": ["x"]}',
    '{"name": {"x": 1}}',
    '{"name": "\\ud800"}',
    '{"name": "' + "x" * 200 + '"}',
    "[" * 100_000,
    '{"name": ',
    b"\xff\xfe{",
    "null",
    "[]",
    '"text"',
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_bodies_that_cannot_be_used_are_refused(script: Script, body: str | bytes) -> None:
    answer = script.client.post(
        "/api/v1/batches/", body, "application/json", headers=script.headers
    )
    assert answer.status_code == 400, answer.content[:200]
    assert answer.json()["code"] in {"malformed", "invalid"}
    assert not Batch.objects.exists()


def test_a_body_of_ten_megabytes_is_not_read(script: Script) -> None:
    body = '{"name": "' + "x" * (10 << 20) + '"}'
    answer = script.client.post(
        "/api/v1/batches/", body, "application/json", headers=script.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_what_only_the_platform_writes_is_ignored(script: Script, otto: User) -> None:
    body = {"name": "x", "created_by": str(otto.pk), "counts": {"done": 9}, "id": str(otto.pk)}
    answer = script.post("/api/v1/batches/", body)
    assert answer.status_code == 201
    batch = Batch.objects.get()
    assert batch.pk != otto.pk
    assert batch.created_by.username == "tessa"
