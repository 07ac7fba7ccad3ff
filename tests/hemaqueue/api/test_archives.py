"""ZIP files and manifests by script: one request, looked over first, nothing kept in vain."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.archives import archive_unpack
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import Batch
from jobcontract import storage
from tests import factories
from tests.archives import with_link, zipped
from tests.people import Script

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/batches/zip/"
PICTURES = {f"{n}.png": factories.picture_file(6000 + n) for n in range(3)}


@pytest.fixture
def script(tessa: User, serving: ModelVersion) -> Script:
    return Script(tessa)


def send(script: Script, data: bytes, *, manifest: str | None = None, **more: Any) -> Any:
    if manifest is not None:
        more["manifest"] = SimpleUploadedFile("m.csv", manifest.encode())
    return script.upload(data, name="tray.zip", to=ADDRESS, **more)


def kept() -> list[str]:
    return list(storage.keys("archives"))


def test_an_archive_opens_a_batch_that_fills_in_the_background(script: Script) -> None:
    answer = send(script, zipped(PICTURES), accession="BM-1")
    assert answer.status_code == 202, answer.content
    said = answer.json()
    assert answer["Location"] == said["batch_url"]
    assert script.get(said["status_url"]).json()["state"] == "queued"
    assert said["files"] == 3
    batch = script.get(said["batch_url"]).json()
    assert (batch["unpacking"], batch["counts"]["expected"], batch["final"]) == (True, 3, False)
    archive_unpack(Batch.objects.get(), progress=lambda said: None)
    assert script.get(said["batch_url"]).json()["counts"]["accepted"] == 3


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no archive at all", "unsupported_archive"),
        (with_link(), "unsafe_archive"),
        (zipped({"../x.png": b"x"}), "unsafe_archive"),
        (zipped({"a/": b""}), "empty_archive"),
        (zipped({f"{n}.png": b"x" for n in range(2001)}), "archive_too_large"),
    ],
)
def test_a_hostile_archive_leaves_nothing(script: Script, data: bytes, code: str) -> None:
    before = kept()
    answer = send(script, data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert kept() == before
    assert not Batch.objects.exists()
    assert not Job.objects.exists()


def test_no_file_is_said_so(script: Script) -> None:
    answer = script.client.post(ADDRESS, {"accession": "x"}, headers=script.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_missing")


def test_the_same_request_twice_is_one_batch(script: Script) -> None:
    headers = {"Idempotency-Key": "tray-1"}
    data = zipped(PICTURES)
    first, again = (send(script, data, headers=dict(headers)) for _ in range(2))
    assert first.json() == again.json()
    assert Batch.objects.count() == 1
    other = send(script, zipped({"a.png": b"x"}), headers=dict(headers))
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


def test_a_dry_run_keeps_nothing_and_says_what_would_be(script: Script) -> None:
    before = kept()
    manifest = "filename,accession\n0.png,BM-1\n1.png,=1+1\n9.png,BM-2\n"
    answer = send(script, zipped(PICTURES), manifest=manifest, dry_run="true")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["files"], said["clean"]) == (3, False)
    assert said["rows"][0]["values"] == {"accession": "BM-1"}
    assert [(one["code"], one["line"], one["filename"]) for one in said["findings"]] == [
        ("formula", 3, "1.png"),
        ("row_without_file", 4, "9.png"),
        ("file_without_row", 0, "2.png"),
    ]
    assert kept() == before
    assert not Batch.objects.exists()


def test_a_manifest_that_does_not_fit_is_refused_with_its_findings(script: Script) -> None:
    answer = send(script, zipped(PICTURES), manifest="filename\n0.png\n1.png\n")
    assert (answer.status_code, answer.json()["code"]) == (422, "manifest_refused")
    (error,) = answer.json()["errors"]
    assert (error["code"], error["filename"]) == ("file_without_row", "2.png")
    assert not Batch.objects.exists()


def test_a_manifest_is_checked_for_names_alone(script: Script) -> None:
    fields = {
        "manifest": SimpleUploadedFile("m.csv", b"filename;accession\r\na.png;BM-1\r\n"),
        "filenames": "a.png\nb.png",
    }
    answer = script.client.post("/api/v1/batches/manifest/", fields, headers=script.headers)
    assert answer.status_code == 200, answer.content
    assert [one["code"] for one in answer.json()["findings"]] == ["file_without_row"]


def test_a_manifest_of_ten_megabytes_is_refused(script: Script) -> None:
    fields = {"manifest": SimpleUploadedFile("m.csv", b"filename\n" + b"x" * (10 << 20))}
    answer = script.client.post("/api/v1/batches/manifest/", fields, headers=script.headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "manifest_too_large")
