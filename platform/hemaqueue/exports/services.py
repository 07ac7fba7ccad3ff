"""Asking for an export, publishing it, ending it. Each act leaves an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import NotAllowed, Refused
from hemaqueue.exports import results, trail
from hemaqueue.exports.models import Export, ExportFormat, ExportKind
from hemaqueue.exports.questions import AUDIT_FILTERS, RESULT_FILTERS, plain
from hemaqueue.exports.snapshots import MOST_BYTES, snapshot_bytes
from hemaqueue.reports.services import language_of
from jobcontract import storage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import Batch
    from hemaqueue.training.models import DatasetSnapshot

KEPT = timedelta(hours=24)
MOST_ROWS = 100_000  # 70 MB of JSON: three copies of it fit the report worker
LONGEST_REASON = 300
FORMATS: dict[str, tuple[str, ...]] = {
    ExportKind.RESULTS: (ExportFormat.CSV, ExportFormat.JSON),
    ExportKind.AUDIT: (ExportFormat.CSV, ExportFormat.JSON),
    ExportKind.BATCH: (ExportFormat.PDF, ExportFormat.CSV),
    ExportKind.SNAPSHOT: (ExportFormat.CSV, ExportFormat.YOLO, ExportFormat.COCO),
}


class FormatUnknown(Refused):
    """Results and audit: csv, json. A batch: pdf, csv. A snapshot: csv, yolo, coco. Choose one."""

    code = "format_unknown"


class ReasonNeeded(Refused):
    """Say in at most 300 characters why patients' codes and file names are needed."""

    code = "reason_required"


class TooLarge(Refused):
    """The snapshot's pictures are more than 256 MiB. Freeze a smaller one."""

    code = "too_large"


class TooManyRows(Refused):
    """More than 100,000 rows match. Narrow the filter, by days for instance."""

    code = "too_many_rows"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to take away. `asked` is a checked filter: see `questions`."""

    kind: str
    format: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    identified: bool = False
    reason: str = ""
    batch: Batch | None = None
    snapshot: DatasetSnapshot | None = None


@transaction.atomic
def export_open(wish: Wish, *, by: User) -> Export:
    """Note what is wanted; the file is built in the background.

    Raises:
        NotAllowed: no role of `by` allows it.
        FormatUnknown, ReasonNeeded, TooManyRows: the wish is not complete, or too large.
    """
    if wish.format not in FORMATS.get(wish.kind, ()):
        raise FormatUnknown
    sites = export_sites(wish.kind, by=by, identified=wish.identified, batch=wish.batch)
    reason = wish.reason.strip()
    if wish.identified and not 0 < len(reason) <= LONGEST_REASON:
        raise ReasonNeeded
    known = AUDIT_FILTERS if wish.kind == ExportKind.AUDIT else RESULT_FILTERS
    export = Export(
        kind=wish.kind,
        format=wish.format,
        batch=wish.batch,
        snapshot=wish.snapshot,
        asked=plain(wish.asked, known=known),
        identified=wish.identified,
        reason=reason if wish.identified else "",
        language=language_of(by),
        requested_by=by,
        sites=sites,
    )
    if _too_many(export):
        raise TooManyRows
    if wish.snapshot and snapshot_bytes(wish.snapshot) > MOST_BYTES:
        raise TooLarge
    export.save()
    audit_record(
        "export.request",
        by=by,
        about=export,
        site=wish.batch.site_id if wish.batch else None,
        kind=export.kind,
        format=export.format,
        identified=export.identified,
        filters=sorted(export.asked),
    )
    return export


def export_sites(kind: str, *, by: User, identified: bool, batch: Batch | None = None) -> list[str]:
    """Return the sites of which `by` may take away this kind; "" is what belongs to none.

    Raises:
        NotAllowed: there is none.
    """
    if kind == ExportKind.SNAPSHOT:
        return [""] if runs_installation(by) else _nobody()
    if kind == ExportKind.AUDIT:
        sites = trail.trail_sites(by)
    else:
        sites = [str(pk) for pk in results.result_sites(by, identified=identified)]
    if batch is not None:
        sites = [site for site in sites if site == str(batch.site_id)]
    if not sites:
        raise NotAllowed
    return sites


def _nobody() -> list[str]:
    raise NotAllowed


def _too_many(export: Export) -> bool:
    """Count no further than to the first row that is too many."""
    if export.kind in (ExportKind.BATCH, ExportKind.SNAPSHOT):
        return False
    rows: Any
    if export.kind == ExportKind.AUDIT:
        rows = trail.trail_events(export)
    else:
        rows = results.result_images(export, sites=[UUID(site) for site in export.sites])
    return rows.order_by()[MOST_ROWS : MOST_ROWS + 1].exists()


@transaction.atomic
def export_publish(pk: UUID, *, document: dict[str, Any]) -> None:
    """Make a built file fetchable for a day: key, media_type, file_sha256, bytes, rows."""
    names = ("key", "media_type", "file_sha256", "bytes", "rows")
    values = {name: document[name] for name in names}
    fresh = Export.objects.filter(pk=pk, built_at=None)
    if not fresh.update(built_at=Now(), expires_at=Now() + KEPT, **values):
        return
    export = Export.objects.select_related("requested_by").get(pk=pk)
    audit_record(
        "export.build",
        by=export.requested_by,
        about=export,
        rows=export.rows,
        file_sha256=export.file_sha256,
    )


def exports_expire() -> int:
    """Remove the files whose day is over; return how many. What was exported stays on record."""
    over = Export.objects.filter(expires_at__lte=timezone.now(), removed_at=None).exclude(key="")
    count = 0
    for export in over:
        storage.remove(export.key)
        Export.objects.filter(pk=export.pk).update(removed_at=Now())
        count += 1
    return count
