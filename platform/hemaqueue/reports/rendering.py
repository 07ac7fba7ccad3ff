"""Rendering a report: content, pictures, file; sealed in the store before anybody is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

from hemaqueue.common.errors import Missing
from hemaqueue.reports.document import report_file
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.models import Report
from hemaqueue.reports.pictures import report_pictures
from jobcontract.sealing import write_sealed


@dataclass(frozen=True)
class Document:
    """A rendered file: what `report_publish` writes into the report's row."""

    key: str
    media_type: str
    file_sha256: str
    content_sha256: str
    note: str


def report_render(pk: UUID) -> Document:
    """Render a report into a file of its own. It becomes readable when its row names it.

    Raises:
        Missing: there is no such report.
        FileDamaged, FileMissing: a picture of the case is not what was stored.
    """
    related = Report.objects.select_related("case__site", "requested_by", "signature__review__case")
    report = related.filter(pk=pk).first()
    if report is None:
        raise Missing
    content = report_content(report)
    rendered = report_file(content, pictures=report_pictures([UUID(i.id) for i in content.images]))
    key = f"reports/{pk.hex[:2]}/{pk.hex}.{uuid4().hex[:8]}"
    write_sealed(key, rendered.data)
    return Document(
        key=key,
        media_type=rendered.media_type,
        file_sha256=hashlib.sha256(rendered.data).hexdigest(),
        content_sha256=content.printed_sha256,
        note=rendered.note,
    )
