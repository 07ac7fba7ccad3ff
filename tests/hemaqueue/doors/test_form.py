"""The rows of the bad-input table that are requests, at the browser's door."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import Site, User
from hemaqueue.common import rates
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories
from tests.hemaqueue.api.test_uploading import HOSTILE
from tests.hemaqueue.doors.test_requests import TEXTS
from tests.people import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("serving")]

FORM = "multipart/form-data; boundary=x"


@pytest.fixture
def browser(tessa: User) -> Client:
    return logged_in(tessa)


def fields(**more: Any) -> dict[str, Any]:
    usual = {"specimen": "marrow", "stain": "Giemsa", "kind": "synthetic", "quality": "send"}
    return usual | {"site": str(Site.objects.get().pk)} | more


def picture(name: str = "field.png", *, seed: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.picture_file(seed), "image/png")


def test_a_body_that_is_too_large_is_told_as_that(browser: Client, settings: Any) -> None:
    """Its files are let go while it arrives; none is kept in memory or on the disk."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
    large = [SimpleUploadedFile(f"{n}.tif", bytes(600_000)) for n in range(2)]
    alone = SimpleUploadedFile("a.tif", bytes(1_200_000))
    answer = browser.post(reverse("upload_file"), fields(file=alone))
    assert (answer.status_code, answer["X-Row"]) == (422, "refused")
    assert "file_too_large" in answer.content.decode()
    answer = browser.post(reverse("upload"), fields(files=large))
    assert answer.status_code == 422
    assert "larger than 64 MiB together" in answer.content.decode()
    assert not SmearImage.objects.exists()


def test_too_many_parts_are_refused(browser: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.png", b"x") for n in range(30)]
    assert browser.post(reverse("upload"), fields(files=files)).status_code == 400
    many = {f"f{n}": "x" for n in range(1001)}
    assert browser.post(reverse("upload_file"), fields(**many)).status_code == 400
    assert not SmearImage.objects.exists()


def test_no_file_two_files_and_another_field_are_none(browser: Client) -> None:
    two = [picture(seed=1), picture(seed=2)]
    for wrong in ({}, {"file": two}, {"picture": two[0]}):
        answer = browser.post(reverse("upload_file"), fields(**wrong))
        assert answer.status_code == 422
    assert not SmearImage.objects.exists()


@pytest.mark.parametrize("name", [*HOSTILE, "<img src=x onerror=alert(1)>.png"])
def test_hostile_names_are_shown_as_text(browser: Client, name: str) -> None:
    answer = browser.post(reverse("upload_file"), fields(file=picture(name)))
    assert answer["X-Row"] == "accepted"
    shown = answer.content.decode()
    assert "<img src=x" not in shown
    assert "Set-Cookie: a=b" not in answer.headers
    image = SmearImage.objects.get()
    assert "/" not in image.key.rpartition("/")[2]
    assert html.escape(image.filename) in shown


@pytest.mark.parametrize("text", TEXTS)
def test_texts_that_would_run_are_shown_as_text_or_refused(browser: Client, text: str) -> None:
    address = reverse("upload_file")
    answer = browser.post(address, fields(file=picture(), accession="A-1", patient=text))
    shown = answer.content.decode()
    if answer.status_code == 200:
        case = Case.objects.get()
        assert case.patient == text.strip()
        shown += browser.get(reverse("case", args=[case.pk])).content.decode()
        assert html.escape(text) in shown
    else:
        assert answer.status_code == 422
        assert not Case.objects.exists()
    assert "<script>alert" not in shown


def test_a_flood_of_blanks_in_base64_is_over_soon(browser: Client) -> None:
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    body, started = head + b" \n" * (8 << 20) + b"\r\n--x--\r\n", time.monotonic()
    answer = browser.generic("POST", reverse("upload_file"), body, FORM)
    assert 400 <= answer.status_code < 500
    assert time.monotonic() - started < 10  # two seconds on a machine that does nothing else


def test_what_is_not_for_the_sender_is_never_applied(browser: Client, clara: User) -> None:
    said = {"state": "done", "uploaded_by": str(clara.pk), "result": "benign", "id": "7"}
    browser.post(reverse("upload_file"), fields(file=picture(), **said))
    image = SmearImage.objects.get()
    assert image.uploaded_by != clara
    assert not hasattr(image, "prediction")


def test_wrong_methods_types_and_paths_are_pages(browser: Client) -> None:
    assert browser.delete(reverse("upload_file")).status_code == 405
    assert browser.get("/upload/nowhere/").status_code == 404
    answer = browser.generic("POST", reverse("upload_file"), b"<a/>", "text/xml")
    assert answer.status_code == 422
    assert not SmearImage.objects.exists()


@pytest.mark.parametrize("name", ["upload_file", "upload_zip"])
def test_a_full_disk_is_told_and_keeps_nothing(
    browser: Client, settings: Any, name: str, left_behind: Callable[[], list[Path]]
) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"FREE_DISK_FLOOR_BYTES": 1 << 60}
    answer = browser.post(reverse(name), fields(file=picture()))
    assert answer.status_code == 507
    assert left_behind() == []


def test_an_upload_needs_no_redis(
    browser: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "_away_until", 0.0)
    away = {"REDIS_URL": "redis://127.0.0.1:1/0"}
    settings.HEMAQUEUE = settings.HEMAQUEUE | away
    answer = browser.post(reverse("upload_file"), fields(file=picture()))
    assert answer["X-Row"] == "accepted"


def test_a_form_without_its_token_is_refused(browser: Client) -> None:
    browser.handler.enforce_csrf_checks = True
    for name in ("upload", "upload_file", "upload_zip", "batch_open"):
        assert browser.post(reverse(name), fields(file=picture())).status_code == 403
    assert not SmearImage.objects.exists()
