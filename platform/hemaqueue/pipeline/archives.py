"""The door for ZIP files: judged while its sender waits, unpacked in the background."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from hemaqueue.accounts.models import Site
from hemaqueue.common.errors import NotAllowed, PlatformError
from hemaqueue.pipeline.enqueue import BULK, enqueue
from hemaqueue.pipeline.intake import smear_accept
from hemaqueue.specimens import zips
from hemaqueue.specimens.archives import archive_describe, archive_facts, archive_file
from hemaqueue.specimens.batches import batch_open, file_refused
from hemaqueue.specimens.manifests import ManifestRow, manifest_read
from hemaqueue.specimens.matching import Match, manifest_match
from hemaqueue.specimens.models import Batch
from hemaqueue.specimens.services import CaseContext, case_open
from jobcontract import messages
from jobcontract.image_refusals import ImageRefused
from jobcontract.names import Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.jobs.models import Job

TELL_EVERY = 1.0  # seconds: whoever is not heard for long is taken for dead
CONTEXT = ("accession", "patient", "specimen", "stain", "kind", "urgent", "microns_per_pixel")
Progress = Callable[[dict[str, Any]], None]


class ManifestRefused(PlatformError):
    """The manifest and the files do not fit. Nothing was kept; look at what was found."""

    code = "manifest_refused"
    status = 422

    def __init__(self, match: Match) -> None:
        super().__init__()
        self.match = match
        self.errors = [
            {"field": one.column or "filename", "code": one.code, "detail": one.sentence}
            | {"line": str(one.line), "filename": one.filename}
            for one in match.findings
        ]


@dataclass(frozen=True)
class Archive:
    """A ZIP file that is stored and was judged; `match` is None without a manifest."""

    id: UUID
    size: int
    files: list[str]
    match: Match | None


def archive_judge(archive: UUID, *, size: int, site: Site, manifest: bytes | None) -> Archive:
    """Look into a stored archive without unpacking it.

    Raises:
        UnsafeArchive, ArchiveTooLarge, UnsupportedArchive, EmptyArchive: see `zips`.
        ManifestTooLarge, ManifestUnreadable, ManifestColumns, ManifestEmpty: see `manifests`.
    """
    with archive_file(archive, size=size) as file:
        found = zips.contents_of(file, size=size)
        if manifest is None and found.manifest:
            with zipfile.ZipFile(file) as opened:
                manifest = zips.entry_bytes(opened, found.manifest, most=1 << 24)
    files = [entry.name for entry in found.entries]
    read = manifest_read(manifest) if manifest is not None else None
    match = manifest_match(read, files=files, site=site) if read else None
    return Archive(archive, size, files, match)


@transaction.atomic
def archive_submitted(
    archive: Archive, *, context: CaseContext, name: str, hold: bool, by: User
) -> tuple[Batch, Job]:
    """Open a batch for an archive and have it unpacked.

    Raises:
        NotAllowed: `by` may not upload at the context's site.
        ManifestRefused: the manifest has findings; nothing is opened.
    """
    if archive.match is not None and not archive.match.is_clean:
        raise ManifestRefused(archive.match)
    batch = batch_open(
        site=context.site, name=name, by=by, expected=len(archive.files), pk=archive.id
    )
    rows = archive.match.rows if archive.match else {}
    said = {name: row.values for name, row in rows.items()}
    if any(not said.get(name, {}).get("accession") for name in archive.files):
        context = replace(context, accession=case_open(context, by=by).accession)
    usual = {name: getattr(context, name) for name in CONTEXT}
    archive_describe(
        archive.id, {"size": archive.size, "context": usual, "rows": said, "hold": hold}
    )
    body = messages.UnpackArchive(batch=str(batch.pk))
    job = enqueue(
        Work.UNPACK_ARCHIVE, body, subject=batch.pk, site=batch.site_id, by=by, priority=BULK
    )
    return batch, job


def archive_unpack(batch: Batch, *, progress: Progress) -> int:
    """Take every file of a batch's archive through the door of all files; return how many.

    What a first try took is not taken again, so that a second one goes on where it stopped.

    Raises:
        StorageFull, IntakeBusy: the rest has to wait.
        FileMissing, FileDamaged: the stored archive is gone or is not what was written.
    """
    facts = archive_facts(batch.pk)
    usual = CaseContext(site=batch.site, **facts["context"])
    told = 0.0
    with archive_file(batch.pk, size=facts["size"]) as file, _alone(batch, progress=progress):
        taken = _names_taken(batch)
        entries = zips.contents_of(file, size=facts["size"]).entries
        with zipfile.ZipFile(file) as opened:
            for number, entry in enumerate(entries):
                if not number or time.monotonic() - told >= TELL_EVERY:
                    progress({"done": number, "of": len(entries)})
                    told = time.monotonic()
                if entry.name not in taken:
                    said = ManifestRow(0, entry.name, facts["rows"].get(entry.name, {}))
                    context = said.context(usual)
                    _take(opened, entry, context=context, batch=batch, hold=facts["hold"])
    return len(entries)


@contextmanager
def _alone(batch: Batch, *, progress: Progress) -> Iterator[None]:
    """Wait until nobody else unpacks this archive.

    A worker that was taken for dead may be alive: two at once would note a refused file twice.
    The lock ends with its connection.
    """
    key = [f"unpack {batch.pk}"]
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", key)
            if cursor.fetchone()[0]:
                break
            progress({})
            time.sleep(TELL_EVERY)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", key)


def _names_taken(batch: Batch) -> set[str]:
    images = {str(image.filename) for image in batch.images.only("filename")}
    return images | {str(file.filename) for file in batch.refused.only("filename")}


def _take(
    opened: zipfile.ZipFile, entry: zips.Entry, *, context: CaseContext, batch: Batch, hold: bool
) -> None:
    """Take one file; one that is refused is noted in the batch, and the others go on."""
    by = batch.created_by
    try:
        data = zips.entry_bytes(opened, entry, most=settings.HEMAQUEUE["UPLOAD_LIMIT_BYTES"])
    except ImageRefused as refusal:
        file_refused(batch, name=entry.name, code=refusal.code, detail=refusal.sentence)
        return
    try:
        smear_accept(data, name=entry.name, context=context, by=by, batch=batch, hold=hold)
    except (PlatformError, ImageRefused) as refusal:
        if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(refusal, NotAllowed):
            raise
