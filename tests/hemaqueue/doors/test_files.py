"""Every file of the bad-input table through every door: one answer, and nothing left behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hemaqueue.accounts.models import Site, User
from hemaqueue.pipeline import archives
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.services import CaseContext
from hemaqueue.specimens.zips import UnsupportedArchive
from tests.archives import stored, zipped
from tests.corpus import CASES, Case
from tests.corpus_hostile import HOSTILE
from tests.corpus_mutants import mutants
from tests.people import Script, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("serving")]

EVERY = (*CASES, *HOSTILE)
NESTED = {".zip"}
LONGEST = 15.0
FILES_OF_AN_IMAGE = 3  # original, preview, thumbnail
LeftBehind = Callable[[], list[Path]]


def code_of(case: Case) -> str:
    return case.upload_code or case.code


def sent_as(case: Case) -> str:
    """Return a name of its own, with the ending that the table gives the file."""
    return case.id.replace("/", "-") + PurePosixPath(case.name).suffix


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_the_interface(case: Case, tessa: User, left_behind: LeftBehind) -> None:
    started = time.monotonic()
    answer = Script(tessa).upload(case.data(), name=case.name or "a")
    assert time.monotonic() - started < LONGEST
    assert answer.status_code == case.status
    assert answer.json().get("code", "") == code_of(case)
    assert len(left_behind()) == (0 if code_of(case) else FILES_OF_AN_IMAGE)
    assert SmearImage.objects.count() == (0 if code_of(case) else 1)


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_the_form(case: Case, tessa: User, left_behind: LeftBehind) -> None:
    site = Site.objects.get(memberships__user=tessa)
    context = {"site": str(site.pk), "specimen": "marrow", "stain": "Giemsa", "kind": "synthetic"}
    file = SimpleUploadedFile(case.name or "a", case.data())
    answer = logged_in(tessa).post(
        reverse("upload_file"), context | {"file": file, "quality": "send"}
    )
    code = code_of(case)
    assert answer["X-Row"] == ("refused" if code else "accepted")
    assert answer.status_code == (422 if code else 200)
    assert code in answer.content.decode()
    assert len(left_behind()) == (0 if code else FILES_OF_AN_IMAGE)


def test_an_archive_of_all_of_them(tessa: User, left_behind: LeftBehind) -> None:
    cases = {sent_as(case): case for case in EVERY if PurePosixPath(case.name).suffix not in NESTED}
    data = zipped({name: case.data() for name, case in cases.items()})
    context = CaseContext(site=Site.objects.get(memberships__user=tessa), kind="synthetic")
    judged = archives.archive_judge(stored(data), size=len(data), site=context.site, manifest=None)
    batch, _ = archives.archive_submitted(judged, context=context, name="", hold=False, by=tessa)
    archives.archive_unpack(batch, progress=lambda _: None)
    refused = {one.filename: one.code for one in batch.refused.all()}
    good = {image.filename for image in batch.images.all()}
    for name, case in cases.items():
        if name not in good:  # some of the table's files are one picture under several names
            assert refused[name] in (code_of(case), "duplicate"), name
        assert (name in good) <= (code_of(case) == ""), name
    kept = [path for path in left_behind() if "images" in path.parts]
    assert len(kept) == FILES_OF_AN_IMAGE * len(good)


@pytest.mark.parametrize("case", [case for case in EVERY if case.name.endswith(".zip")])
def test_an_archive_inside_an_archive(case: Case, tessa: User, left_behind: LeftBehind) -> None:
    data = zipped({"a.zip": case.data()})
    site = Site.objects.get(memberships__user=tessa)
    with pytest.raises(UnsupportedArchive):
        archives.archive_judge(stored(data), size=len(data), site=site, manifest=None)


@pytest.mark.parametrize(
    "count", [200, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
)
def test_mutants_are_taken_or_refused(count: int, tessa: User, left_behind: LeftBehind) -> None:
    script, accepted, slowest = Script(tessa), 0, 0.0
    for title, data in mutants(count, seed=20261121 + count):
        started = time.monotonic()
        answer = script.upload(data, name="field")
        slowest = max(slowest, time.monotonic() - started)
        assert answer.status_code in (200, 202) or 400 <= answer.status_code < 500, title
        accepted += answer.status_code == 202
    assert slowest < LONGEST
    assert 0 < accepted < count
    assert len(left_behind()) == FILES_OF_AN_IMAGE * accepted
