"""From content to a file that fetches nothing and runs nothing."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest import MonkeyPatch

from hemaqueue.pipeline.reporting import rendered
from hemaqueue.reports import document
from hemaqueue.reports.fetching import AddressRefused, HeldFetcher
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.models import Report
from hemaqueue.reports.pictures import report_pictures
from hemaqueue.reports.rendering import report_render
from hemaqueue.reports.services import report_publish
from hemaqueue.specimens.models import SmearImage
from jobcontract import storage
from jobcontract.messages import RenderReport, Ticket
from jobcontract.sealing import read_sealed
from tests.hemaqueue.reports.papers import needs_pdftotext, text_of

pytestmark = [
    pytest.mark.django_db,
    # WeasyPrint leaves the colour profile of a PDF/A to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014:ResourceWarning"),
]

TICKET = Ticket(job=str(uuid4()), attempt=1)
PRINTED = (
    "BM-1",
    "P-7",
    "Demo Laboratory",
    "high · 0.91",
    "smearnet-synthetic-1",
    "a haematologist confirms every result",
    "<script>alert(1)</script>",
)


def page_of(report: Report) -> str:
    content = report_content(report)
    pictures = report_pictures(content.images)
    return document.report_page(content, pictures=pictures).alone()


def test_hostile_words_are_words(report: Report) -> None:
    page = page_of(report)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7|add" in page


def test_every_picture_is_inside(report: Report) -> None:
    sources = re.findall(r'(?:src|href)="([^"]*)"', page_of(report))
    kinds = [source.partition(";base64,")[0] for source in sources]
    assert sorted(kinds) == [*["data:image/jpeg"] * 3, "data:image/png"]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "file:///etc/passwd", "ftp://x/", "DATAX:,", "//x", ""]
)
def test_nothing_but_data_is_fetched(address: str) -> None:
    with pytest.raises(AddressRefused):
        HeldFetcher({}).fetch(address)


def test_data_is_fetched() -> None:
    assert HeldFetcher({}).fetch("data:text/plain,hello").read() == b"hello"


def test_a_rendered_report_is_sealed_and_published(report: Report) -> None:
    found = report_render(report.pk)
    data = read_sealed(found.key)
    assert data.startswith(b"%PDF-1.7")
    assert b"/Interpolate false" in data and b"/Interpolate true" not in data  # ISO 19005-3
    assert found.file_sha256 == hashlib.sha256(data).hexdigest()
    assert found.content_sha256 == report_content(report).sha256
    assert not storage.read(found.key).startswith(b"%PDF")
    report_publish(report.pk, document=vars(found))
    report.refresh_from_db()
    assert (report.key, report.media_type) == (found.key, "application/pdf")


@needs_pdftotext
def test_the_pdf_says_what_it_must(report: Report, tmp_path: Path) -> None:
    pages = text_of(read_sealed(report_render(report.pk).key), tmp_path)
    for number, page in enumerate(pages, start=1):
        assert "PRELIMINARY – NOT CLINICALLY CONFIRMED" in page
        assert f"Page {number} of {len(pages)}" in page
        assert report_content(report).sha256 in page
    printed = re.sub(r"\s+", " ", " ".join(pages))
    assert [words for words in PRINTED if words not in printed] == []
    assert "diagnos" not in printed.lower()


def test_without_pango_the_same_page_is_html(report: Report, monkeypatch: MonkeyPatch) -> None:
    def no_pango(_: document.Page) -> bytes:
        raise OSError("cannot load library 'pango-1.0-0'")

    monkeypatch.setattr(document, "_pdf", no_pango)
    found = report_render(report.pk)
    assert found.media_type == "text/html; charset=utf-8"
    assert "pango is missing" in found.note
    assert read_sealed(found.key).decode() == page_of(report)


def test_a_damaged_picture_gives_no_report(report: Report) -> None:
    image = SmearImage.objects.filter(case=report.case).earliest("uploaded_at")
    storage.write(image.preview_key, storage.read(image.preview_key)[:-1])
    outcome = rendered(TICKET, RenderReport(report=str(report.pk)))
    assert (outcome.ok, outcome.code) == (False, "file_damaged")


def test_a_report_that_is_gone_fails_for_good(db: None) -> None:
    outcome = rendered(TICKET, RenderReport(report=str(uuid4())))
    assert (outcome.ok, outcome.code, outcome.transient) == (False, "report_missing", False)


def test_the_outcome_publishes_what_was_rendered(report: Report) -> None:
    outcome = rendered(TICKET, RenderReport(report=str(report.pk)))
    assert outcome.ok
    assert set(outcome.body) == {
        "key",
        "media_type",
        "file_sha256",
        "content_sha256",
        "note",
        "stamp",
    }


def test_beyond_sixty_images_the_table_has_them_all(report: Report, monkeypatch: Any) -> None:
    monkeypatch.setattr("hemaqueue.reports.pictures.PICTURED", 1)
    page = page_of(report)
    assert page.count("<article") == 1
    assert page.count('<td class="number">1</td>') == 1
    assert page.count('<td class="number">2</td>') == 1
    assert "1 more stand in the table" in page


def test_the_web_process_loads_no_renderer() -> None:
    """WeasyPrint takes a second and needs pango: only the report worker pays for it."""
    code = (
        "import django, sys; django.setup(); import hemaqueue.urls, hemaqueue.api.urls;"
        "import hemaqueue.pipeline.reporting; sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
