"""Rendering a report: content, pictures, file; sealed in the store before anybody is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils import translation

from hemaqueue.common.errors import Missing
from hemaqueue.reports.content import ReportContent, read_content
from hemaqueue.reports.document import report_file
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.models import Report
from hemaqueue.reports.pictures import report_pictures
from jobcontract.sealing import read_sealed, write_sealed

CONTENT = ".content"


@dataclass(frozen=True)
class Document:
    """A rendered file: what `report_publish` writes into the report's row.

    `stamp` is the revision that a superseded copy names, 0 for the report itself.
    """

    key: str
    media_type: str
    file_sha256: str
    content_sha256: str
    note: str
    stamp: int = 0


def report_render(pk: UUID) -> Document:
    """Render a report into a file of its own. It becomes readable when its row names it.

    What it says is kept beside it, sealed too: a superseded copy says the same.

    Raises:
        Missing: there is no such report.
        FileDamaged, FileMissing: a picture of the case is not what was stored.
    """
    related = Report.objects.select_related("case__site", "requested_by", "signature__review__case")
    report = related.filter(pk=pk).first()
    if report is None:
        raise Missing
    with translation.override(report.language):
        content = report_content(report)
    return _stored(pk, content)


def report_stamp(pk: UUID, *, stamp: int) -> Document:
    """Render a copy of a report that says on each page that revision `stamp` took its place.

    Raises:
        Missing: there is no such report, or it was never rendered.
        FileDamaged, FileMissing: what it said, or one of its pictures, is not what was stored.
    """
    report = Report.objects.filter(pk=pk).exclude(key="").first()
    if report is None:
        raise Missing
    text = read_sealed(f"{report.key}{CONTENT}").decode()
    return _stored(pk, read_content(text), stamp=stamp)


def _stored(pk: UUID, content: ReportContent, *, stamp: int = 0) -> Document:
    with translation.override(content.language):
        pictures = report_pictures(content.images)
        rendered = report_file(content, pictures=pictures, stamp=stamp)
    key = f"reports/{pk.hex[:2]}/{pk.hex}.{uuid4().hex[:8]}"
    write_sealed(key, rendered.data)
    if not stamp:
        write_sealed(f"{key}{CONTENT}", content.to_text().encode())
    return Document(
        key=key,
        media_type=rendered.media_type,
        file_sha256=hashlib.sha256(rendered.data).hexdigest(),
        content_sha256=content.printed_sha256,
        note=rendered.note,
        stamp=stamp,
    )
