"""What is superseded says so and stays as it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.reports.content import read_content
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.models import Report
from hemaqueue.reviews.amending import review_amend
from hemaqueue.specimens.models import Case
from jobcontract.sealing import read_sealed
from tests.hemaqueue.reports.papers import amended, finish, made, needs_pdftotext, text_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014:ResourceWarning"),
]


def test_a_superseded_report_is_stamped_and_its_file_stays_as_it_was(
    signed: Case, clara: User
) -> None:
    first = made(signed, by=clara)
    before = read_sealed(first.key)
    second = amended(signed, by=clara)
    stamping = Job.objects.get(subject=first.pk, payload__stamp=second.revision)
    finish(stamping)
    stamped = Report.objects.get(pk=first.pk)
    assert (stamped.stamped_for, stamped.key) == (second.revision, first.key)
    assert hashlib.sha256(read_sealed(stamped.key)).hexdigest() == first.file_sha256
    assert read_sealed(stamped.key) == before
    copy = read_sealed(stamped.stamped_key)
    assert hashlib.sha256(copy).hexdigest() == stamped.stamped_sha256
    assert copy != before


@needs_pdftotext
def test_a_stamp_stands_on_every_page_and_changes_no_word(
    signed: Case, clara: User, tmp_path: Path
) -> None:
    first = made(signed, by=clara)
    second = amended(signed, by=clara)
    User.objects.filter(pk=clara.pk).update(first_name="Somebody")
    finish(Job.objects.get(subject=first.pk, payload__stamp=second.revision))
    first.refresh_from_db()
    pages = text_of(read_sealed(first.stamped_key), tmp_path)
    assert all(f"SUPERSEDED by revision {second.revision}" in page for page in pages)
    assert all("SIGNED BY CLARA UWASE" in page for page in pages)
    assert "Somebody" not in "".join(pages)


def test_nothing_is_stamped_before_something_takes_its_place(signed: Case, clara: User) -> None:
    first = made(signed, by=clara)
    review_amend(signed, by=clara, reason="Second look.")
    made(signed, by=clara)
    assert not Job.objects.filter(subject=first.pk, payload__stamp__gt=0).exists()


def test_what_a_report_says_can_be_kept_and_read_again(signed: Case, clara: User) -> None:
    amended(signed, by=clara)
    content = report_content(Report.objects.filter(case=signed).earliest("-revision"))
    assert read_content(content.to_text()) == content
