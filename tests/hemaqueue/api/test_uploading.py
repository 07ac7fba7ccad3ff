"""POST images/: the door of scripts."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hemaqueue.accounts.models import Membership, User
from hemaqueue.jobs.models import Job
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import Batch, Case, SmearImage
from jobcontract import sealing
from tests.factories import BatchFactory, SiteFactory, picture_file
from tests.people import Script

pytestmark = pytest.mark.django_db

IMAGES = "/api/v1/images/"


@pytest.fixture
def script(tessa: User, serving: ModelVersion) -> Script:
    return Script(tessa)


def problem(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_an_upload_answers_with_image_and_job(script: Script) -> None:
    answer = script.upload(picture_file(), accession="BM-1", patient="P-7", urgent="true")
    said = answer.json()
    image, job = SmearImage.objects.get(), Job.objects.get()
    assert answer.status_code == 202
    assert (said["image_id"], said["job_id"]) == (str(image.pk), str(job.pk))
    assert said["status_url"] == f"/api/v1/jobs/{job.pk}/"
    assert said["duplicate_of"] is None
    assert (image.case.accession, image.case.patient, image.case.urgent) == ("BM-1", "P-7", True)


def test_the_original_is_stored_byte_for_byte(script: Script) -> None:
    data = picture_file(3)
    script.upload(data)
    image = SmearImage.objects.get()
    assert sealing.read_sealed(image.key) == data
    assert image.sha256 == hashlib.sha256(data).hexdigest()


def test_without_an_accession_a_case_is_opened_with_one(script: Script) -> None:
    script.upload(picture_file())
    assert Case.objects.get().accession.startswith("HQ-")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_jpeg_png_and_tiff_are_accepted(script: Script, suffix: str) -> None:
    assert script.upload(picture_file(suffix=suffix), name=f"a{suffix}").status_code == 202


def test_the_same_picture_is_linked_and_not_doubled(script: Script) -> None:
    first = script.upload(picture_file()).json()
    answer = script.upload(picture_file(), name="again.png")
    assert answer.status_code == 200
    assert answer.json()["duplicate_of"] == answer.json()["image_id"] == first["image_id"]
    assert (SmearImage.objects.count(), Job.objects.count()) == (1, 1)


def test_another_sites_copy_is_unknown(script: Script, otto: User) -> None:
    script.upload(picture_file())
    assert Script(otto).upload(picture_file()).status_code == 202


def test_the_file_joins_the_batch_that_is_named(script: Script) -> None:
    batch = BatchFactory()
    assert script.upload(picture_file(), batch=str(batch.pk)).status_code == 202
    assert Batch.objects.get().images.count() == 1


def test_a_refused_file_of_a_batch_is_noted_there(script: Script) -> None:
    batch = BatchFactory()
    assert problem(script.upload(b"text", batch=str(batch.pk))) == (415, "unsupported_type")
    assert [one.code for one in batch.refused.all()] == ["unsupported_type"]


REFUSED = [
    (b"", "a.png", 422, "empty_file"),
    (b"x", "a.jpg", 415, "unsupported_type"),
    (b"just text", "a.jpg", 415, "unsupported_type"),
    (picture_file(), "a.jpg", 415, "type_mismatch"),
    (picture_file()[:200], "a.png", 422, "corrupt_image"),
    (picture_file(suffix=".jpg")[:900], "a.jpg", 422, "corrupt_image"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", 415, "unsupported_type"),
    (b"BM" + bytes(60), "a.bmp", 415, "unsupported_type"),
]


@pytest.mark.parametrize(("data", "name", "status", "code"), REFUSED)
def test_bad_files_are_refused_and_leave_nothing(
    script: Script, data: bytes, name: str, status: int, code: str
) -> None:
    answer = script.upload(data, name=name)
    assert problem(answer) == (status, code)
    assert set(answer.json()) == {"type", "title", "status", "code", "detail", "request_id"}
    assert name not in answer.content.decode()
    assert not SmearImage.objects.exists()
    assert not Job.objects.exists()


def test_a_wrong_checksum_is_refused(script: Script) -> None:
    answer = script.upload(picture_file(), headers={"Content-SHA256": "0" * 64})
    assert problem(answer) == (422, "checksum_mismatch")


def test_the_right_checksum_is_taken(script: Script) -> None:
    digest = hashlib.sha256(picture_file()).hexdigest()
    answer = script.upload(picture_file(), headers={"Content-SHA256": digest})
    assert answer.status_code == 202


def sent(script: Script, values: dict[str, Any]) -> Any:
    return script.client.post(IMAGES, values, headers=script.headers)


def test_no_file_and_two_files_have_codes_of_their_own(script: Script) -> None:
    two = [SimpleUploadedFile(f"{n}.png", picture_file(n)) for n in (1, 2)]
    assert problem(sent(script, {"accession": "A"})) == (400, "file_missing")
    assert problem(sent(script, {"picture": two[0]})) == (400, "file_missing")
    assert problem(sent(script, {"file": two})) == (400, "one_file_expected")
    assert problem(sent(script, {"file": two[0], "other": two[1]})) == (400, "one_file_expected")


def test_too_many_parts_are_refused(script: Script) -> None:
    files = [SimpleUploadedFile(f"{n}.png", b"x") for n in range(30)]
    assert problem(sent(script, {"file": files})) == (400, "too_many_parts")
    fields = {f"f{n}": "x" for n in range(1001)}
    assert problem(sent(script, fields)) == (400, "too_many_parts")


def test_json_is_no_upload(script: Script) -> None:
    assert problem(script.post(IMAGES, {"file": "x"})) == (415, "unsupported_media_type")


def test_a_body_without_a_length_is_refused(script: Script) -> None:
    answer = script.client.generic(
        "POST", IMAGES, b"", "multipart/form-data; boundary=x", headers=script.headers
    )
    assert problem(answer) == (411, "length_required")


def test_a_body_that_is_too_large_is_refused_unread(script: Script) -> None:
    answer = script.client.post(
        IMAGES, {"x": "y"}, headers=script.headers, CONTENT_LENGTH=str(65 << 20)
    )
    assert problem(answer) == (413, "file_too_large")


@pytest.mark.parametrize(
    "fields",
    [
        {"specimen_type": "saliva"},
        {"image_kind": "selfie"},
        {"accession": "x" * 65},
        {"accession": "a\0b"},
        {"urgent": "perhaps"},
        {"batch": "not-a-uuid"},
        {"batch": "00000000-0000-4000-8000-000000000000"},
        {"site": "elsewhere"},
    ],
)
def test_wrong_fields_are_named(script: Script, fields: dict[str, str]) -> None:
    SiteFactory(slug="elsewhere")
    answer = script.upload(picture_file(), **fields)
    assert answer.status_code == 400
    assert {one["field"] for one in answer.json()["errors"]} == set(fields)


def test_who_uploads_at_two_sites_says_at_which(script: Script, tessa: User) -> None:
    other = SiteFactory(slug="second")
    Membership.objects.create(user=tessa, site=other, role="technician")
    assert problem(script.upload(picture_file())) == (400, "site_required")
    assert script.upload(picture_file(), site="second").status_code == 202
    assert script.upload(picture_file(2), site=str(other.pk)).status_code == 202


def test_an_administrator_does_not_upload(adam: User, serving: ModelVersion) -> None:
    assert problem(Script(adam).upload(picture_file())) == (403, "not_allowed")
    assert problem(Script(adam).upload(picture_file(), site="demo")) == (403, "not_allowed")


def test_without_a_model_the_upload_says_so_and_keeps_nothing(tessa: User) -> None:
    assert problem(Script(tessa).upload(picture_file())) == (409, "no_model_serves")
    assert not SmearImage.objects.exists()


HOSTILE = ["../../etc/passwd.png", "a\u202egnp.png", "CON.png", "💉.png", "n" * 300 + ".png",
           'x";\r\nSet-Cookie: a=b.png']  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_harmless(script: Script, name: str) -> None:
    assert script.upload(picture_file(), name=name).status_code == 202
    assert "/" not in SmearImage.objects.get().key.rpartition("/")[2]


def test_the_same_key_gives_the_same_answer(script: Script) -> None:
    key = {"Idempotency-Key": "abc"}
    first = script.upload(picture_file(), headers=key)
    again = script.upload(picture_file(), headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()


def test_the_same_key_with_another_body_is_a_conflict(script: Script) -> None:
    key = {"Idempotency-Key": "abc"}
    script.upload(picture_file(), headers=key)
    answer = script.upload(picture_file(2), headers=key)
    assert problem(answer) == (409, "idempotency_conflict")


def test_a_key_belongs_to_one_person(script: Script, clara: User) -> None:
    key = {"Idempotency-Key": "abc"}
    script.upload(picture_file(), headers=key)
    assert Script(clara).upload(picture_file(2), headers=key).status_code == 202


def test_an_unusable_key_is_refused(script: Script) -> None:
    answer = script.upload(picture_file(), headers={"Idempotency-Key": "k" * 101})
    assert problem(answer) == (400, "bad_idempotency_key")


def test_the_short_address_is_the_same_door(script: Script) -> None:
    answer = script.upload(picture_file(), to="/upload")
    assert answer.status_code == 202
    assert set(answer.json()) >= {"image_id", "job_id", "status_url"}
