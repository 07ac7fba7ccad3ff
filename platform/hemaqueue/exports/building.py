"""Building an export: rows, file, seal. It becomes fetchable when its row names it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.template.loader import render_to_string
from django.utils import timezone, translation

from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.exports import results, trail
from hemaqueue.exports.batches import batch_summary, summary_groups, summary_rows
from hemaqueue.exports.models import Export, ExportFormat, ExportKind
from hemaqueue.exports.services import export_sites
from hemaqueue.exports.snapshots import snapshot_file
from hemaqueue.exports.tables import Row, csv_bytes, json_bytes
from hemaqueue.reports.document import Page, page_file
from hemaqueue.reports.words import INTENDED_USE, moment
from hemaqueue.specimens.models import Batch
from jobcontract.sealing import write_sealed

TOLD_EVERY = 500  # rows
MEDIA = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSON: "application/json",
    ExportFormat.PDF: "application/pdf",
}
ZIP = "application/zip"

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Built:
    key: str
    media_type: str
    file_sha256: str
    bytes: int
    rows: int


class Unprintable(Exception):
    """This installation cannot make PDF files: ask for CSV, or have pango installed."""


def export_build(pk: UUID, *, tell: Tell) -> Built:
    """Build an export into a sealed file; `tell(done, of)` hears how far it is.

    What its person may see is asked anew: a role that ended since gives nothing.

    Raises:
        Missing: there is no such export, or nobody may have it any more.
        Unprintable: it is a PDF, and none can be made here.
    """
    export = (
        Export.objects.select_related("requested_by", "batch__site", "snapshot")
        .filter(pk=pk)
        .first()
    )
    if export is None or not export.requested_by.is_active:
        raise Missing
    _still_allowed(export)
    with translation.override(export.language):
        data, rows, media_type = _file(export, tell=tell)
    key = f"exports/{pk.hex[:2]}/{pk.hex}.{uuid4().hex[:8]}"
    write_sealed(key, data)
    return Built(key, media_type, hashlib.sha256(data).hexdigest(), len(data), rows)


def _still_allowed(export: Export) -> None:
    try:
        allowed = export_sites(
            export.kind, by=export.requested_by, identified=export.identified, batch=export.batch
        )
    except NotAllowed as refusal:
        raise Missing from refusal
    if not set(export.sites) <= set(allowed):
        raise Missing


def _file(export: Export, *, tell: Tell) -> tuple[bytes, int, str]:
    """Return the file, its number of rows and its media type."""
    if export.kind == ExportKind.SNAPSHOT:
        return *snapshot_file(export, tell=tell), ZIP
    if export.format == ExportFormat.PDF:
        return _summary_pdf(export), 1, MEDIA[ExportFormat.PDF]
    rows, columns, count = _rows(export)
    told = _told(rows, count, tell=tell)
    if export.format == ExportFormat.JSON:
        data = json_bytes(told, columns=columns, head=_head(export))
    else:
        data = csv_bytes(told, columns=columns)
    return data, count, MEDIA[ExportFormat(export.format)]


def _rows(export: Export) -> tuple[Iterable[Row], tuple[str, ...], int]:
    if export.kind == ExportKind.BATCH:
        counted = summary_rows(batch_summary(_batch(export), reader=export.requested_by))
        return counted, ("counted", "code", "number"), len(counted)
    if export.kind == ExportKind.AUDIT:
        events = trail.trail_events(export)
        found = trail.trail_rows(events, identified=export.identified)
        return found, trail.columns(identified=export.identified), events.count()
    images = results.result_images(export, sites=[UUID(site) for site in export.sites])
    found = results.result_rows(images, identified=export.identified, reader=export.requested_by)
    return found, results.columns(identified=export.identified), images.count()


def _told(rows: Iterable[Row], count: int, *, tell: Tell) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % TOLD_EVERY == 0:
            tell(number, count)


def _head(export: Export) -> Row:
    return {
        "format": f"hemaqueue.{export.kind}.1",
        "export": str(export.pk),
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "identified": export.identified,
        "filters": export.asked,
        "intended_use": str(INTENDED_USE),
    }


def _batch(export: Export) -> Batch:
    if export.batch is None:
        raise Missing
    return export.batch


def _summary_pdf(export: Export) -> bytes:
    summary = batch_summary(_batch(export), reader=export.requested_by)
    context = {
        "summary": summary,
        "sent": moment(summary.sent),
        "made": moment(timezone.now()),
        "by": export.requested_by.printed_name,
        "language": export.language,
        "intended_use": INTENDED_USE,
        "groups": summary_groups(summary),
    }
    made = page_file(Page(render_to_string("reports/batch.html", context)))
    if made.note:
        raise Unprintable(made.note)
    return made.data
