"""The door behind every door: form, API, batch. A file becomes an image and a job, or neither."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import IntegrityError

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import PlatformError
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.pipeline import steps
from hemaqueue.reviews.sorting import reviews_resort
from hemaqueue.specimens.batches import (
    BatchFull,
    batch_room,
    file_refused,
    file_refused_alone,
)
from hemaqueue.specimens.models import Batch, Case, SmearImage
from hemaqueue.specimens.selectors import image_twin
from hemaqueue.specimens.services import (
    CaseContext,
    StoredSmear,
    slide_open,
    smear_committed,
    smear_record,
    smear_store,
)
from jobcontract.imaging import ImageRefused
from jobcontract.names import Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class ChecksumMismatch(PlatformError):
    """The file that arrived is not the one that was sent. Send it again."""

    code = "checksum_mismatch"
    status = 422


@dataclass(frozen=True)
class Accepted:
    """An upload that was taken. A duplicate brings the image that is here already.

    There is no job where the image is held.
    """

    image: SmearImage
    job: Job | None
    is_duplicate: bool = False


def smear_accept(
    data: bytes,
    *,
    name: str,
    context: CaseContext,
    by: User,
    batch: Batch | None = None,
    checksum: str = "",
    hold: bool = False,
) -> Accepted:
    """Take one file. When this returns, its bytes are fsynced and its job is committed.

    With `hold`, a poor picture is kept without a job until its sender decides.

    Raises:
        NotAllowed: `by` may not upload at the context's site.
        BatchFull: the batch has as many files as a batch may have.
        ChecksumMismatch, ImageRefused, StorageFull, FileTooLarge: nothing was kept.
    """
    require(by, act=Act.UPLOAD, site=context.site)
    try:
        digest = _digest(data, checksum=checksum)
        _require_place(batch, digest=digest)
        if twin := image_twin(site=context.site, sha256=digest):
            return _duplicate(twin, name=name, context=context, batch=batch)
        return _accept(data, name=name, context=context, by=by, batch=batch, hold=hold)
    except (PlatformError, ImageRefused) as refusal:
        if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:  # what passes is no refusal
            _note(refusal, name=name, batch=batch)
        raise


def _note(refusal: PlatformError | ImageRefused, *, name: str, batch: Batch | None) -> None:
    if batch:
        file_refused(batch, name=name, code=refusal.code, detail=refusal.detail)
    else:
        file_refused_alone()


def _require_place(batch: Batch | None, *, digest: str) -> None:
    """Refuse what a full batch has no place for; a file it has is answered as before."""
    if batch is None or batch_room(batch) > 0:
        return
    if not batch.images.filter(sha256=digest).exists():
        raise BatchFull


def _digest(data: bytes, *, checksum: str) -> str:
    digest = hashlib.sha256(data).hexdigest()
    if checksum and checksum.lower() != digest:
        raise ChecksumMismatch
    return digest


def _accept(
    data: bytes, *, name: str, context: CaseContext, by: User, batch: Batch | None, hold: bool
) -> Accepted:
    stored = smear_store(data, name=name)
    try:
        with smear_committed(stored):
            return _record(stored, name=name, context=context, by=by, batch=batch, hold=hold)
    except IntegrityError:
        twin = image_twin(site=context.site, sha256=stored.inspected.sha256)
        if twin is None:
            raise
        return _duplicate(twin, name=name, context=context, batch=batch)


def _record(
    stored: StoredSmear,
    *,
    name: str,
    context: CaseContext,
    by: User,
    batch: Batch | None,
    hold: bool,
) -> Accepted:
    slide = slide_open(context, by=by)
    image = smear_record(
        stored, slide=slide, context=context, batch=batch, name=name, by=by, hold=hold
    )
    if image.held_at:
        reviews_resort([image.case_id])
        return Accepted(image, None)
    return Accepted(image, steps.smear_submitted(image, file=stored.original, by=by))


def _duplicate(
    twin: SmearImage, *, name: str, context: CaseContext, batch: Batch | None
) -> Accepted:
    """Link to what is here already. The same file sent to its batch again is not news."""
    if batch and not _is_known(twin, name=name, batch=batch):
        file_refused(
            batch,
            name=name,
            code="duplicate",
            detail="The same picture is here already.",
            duplicate_of=twin,
            case=_case_meant(context),
        )
    job = jobs_latest([twin.pk], work=Work.CLASSIFY_SMEARS).get(twin.pk)
    return Accepted(twin, job, is_duplicate=True)


def _case_meant(context: CaseContext) -> Case | None:
    """Return the case that the context names, where there is one."""
    if not (accession := context.accession.strip()):
        return None
    return Case.objects.filter(site=context.site, accession=accession).first()


def _is_known(twin: SmearImage, *, name: str, batch: Batch) -> bool:
    """Return whether this batch has this very file, by its name, as an image or a duplicate."""
    if twin.batch_id == batch.pk and twin.filename == name:
        return True
    return any(one.filename == name for one in batch.refused.filter(duplicate_of=twin))
