"""The rows of the bad-input table that are requests, where they come in a ZIP file."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hemaqueue.accounts.models import Site, User
from hemaqueue.pipeline.archives import archive_unpack
from hemaqueue.specimens.models import Batch
from tests import factories
from tests.archives import encrypted, lying, with_link, zeros, zipped
from tests.people import Script, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("serving")]

ADDRESS = "/api/v1/batches/zip/"
GOOD = {f"{n}.png": factories.picture_file(7100 + n) for n in range(3)}
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a path that leads out": (lambda: zipped(GOOD | {"../x.png": b"x"}), "unsafe_archive"),
    "a path from the root": (lambda: zipped(GOOD | {"/etc/x.png": b"x"}), "unsafe_archive"),
    "a link": (with_link, "unsafe_archive"),
    "half a gigabyte of zeros": (lambda: zeros(500 << 20), "archive_too_large"),
    "a lie about a size": (
        lambda: lying(zipped({"a.png": bytes(5000)}), claimed=3 << 30), "archive_too_large",
    ),
    "too many files": (
        lambda: zipped({f"{n:040}.png": b"" for n in range(100_000)}), "archive_too_large",
    ),
    "a password": (lambda: encrypted(zipped(GOOD)), "unsupported_archive"),
    "an archive": (lambda: zipped(GOOD | {"in.zip": zipped(GOOD)}), "unsupported_archive"),
}  # fmt: skip


@cache
def hostile(which: str) -> bytes:
    return HOSTILE[which][0]()


def unpacked(by: User, files: dict[str, bytes], *, data: bytes = b"") -> Batch:
    answer = Script(by).upload(data or zipped(files), name="a.zip", to=ADDRESS)
    assert answer.status_code == 202, answer.content
    batch = Batch.objects.get()
    archive_unpack(batch, progress=lambda _: None)
    return batch


def refused(batch: Batch) -> dict[str, str]:
    return {one.filename: one.code for one in batch.refused.all()}


@pytest.mark.parametrize("which", HOSTILE)
def test_hostile_archives_leave_nothing_at_the_interface(
    which: str, tessa: User, left_behind: Callable[[], list[Path]]
) -> None:
    answer = Script(tessa).upload(hostile(which), name="a.zip", to=ADDRESS)
    assert (answer.status_code, answer.json()["code"]) == (422, HOSTILE[which][1])
    assert left_behind() == []
    assert not Batch.objects.exists()


@pytest.mark.parametrize("which", HOSTILE)
def test_hostile_archives_leave_nothing_at_the_form(
    which: str, tessa: User, left_behind: Callable[[], list[Path]]
) -> None:
    site = str(Site.objects.get().pk)
    said = {"site": site, "specimen": "marrow", "stain": "Giemsa", "kind": "synthetic"}
    file = SimpleUploadedFile("a.zip", hostile(which), "application/zip")
    answer = logged_in(tessa).post(reverse("upload_zip"), said | {"file": file})
    assert answer.status_code == 422
    assert HOSTILE[which][1] in answer.content.decode()
    assert left_behind() == []
    assert not Batch.objects.exists()


def test_three_good_ones_and_a_bad_one(tessa: User) -> None:
    batch = unpacked(tessa, GOOD | {"bad.png": b"%PDF-1.4"})
    assert batch.images.count() == 3
    assert refused(batch) == {"bad.png": "unsupported_type"}


def test_a_wrong_checksum_is_the_files_own_fault(tessa: User) -> None:
    data = zipped(GOOD)
    data = data.replace(GOOD["1.png"], GOOD["1.png"][:-9] + b"?" + GOOD["1.png"][-8:])
    batch = unpacked(tessa, GOOD, data=data)
    assert batch.images.count() == 2
    assert refused(batch) == {"1.png": "corrupt_image"}


def test_a_file_that_is_too_large_is_named(tessa: User, settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"UPLOAD_LIMIT_BYTES": 64 << 20}
    batch = unpacked(tessa, GOOD | {"huge.png": bytes(range(256)) * (65 << 12)})
    assert refused(batch) == {"huge.png": "file_too_large"}
    assert batch.images.count() == 3


@pytest.mark.parametrize(
    "name", ["a\N{RIGHT-TO-LEFT OVERRIDE}gnp.png", "CON.png", "\N{SYRINGE}.png", "n" * 300 + ".png",
             "<img src=x onerror=alert(1)>.png"]
)  # fmt: skip
def test_hostile_names_are_harmless(name: str, tessa: User) -> None:
    batch = unpacked(tessa, {name: GOOD["0.png"]})
    image = batch.images.get()
    assert "/" not in image.key.rpartition("/")[2]
    shown = logged_in(tessa).get(reverse("batch", args=[batch.pk])).content.decode()
    assert "<img src=x" not in shown
