"""Writing cases, batches and images. Files are stored first, then the rows that name them."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from guardian.shortcuts import assign_perm, remove_perm

from hemaqueue.accounts.models import Site, SpecimenType, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import PlatformError, Refused
from hemaqueue.common.inserting import row_insert
from hemaqueue.specimens.batches import batch_reopen
from hemaqueue.specimens.intake import Inspected, inspect_upload
from hemaqueue.specimens.models import Batch, Case, ImageKind, Slide, SmearImage, Specimen
from hemaqueue.specimens.scale import scale_of
from jobcontract import sealing, storage

if TYPE_CHECKING:
    from jobcontract.messages import SealedFile

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
ACCESSION_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class StorageFull(PlatformError):
    """The disk for images is nearly full. Nothing was stored; tell your administrator."""

    code = "storage_full"
    status = 507


class FileTooLarge(PlatformError):
    """The file is larger than 64 MiB. Export the field as JPEG, or crop it."""

    code = "file_too_large"
    status = 413


@dataclass(frozen=True)
class CaseContext:
    """What a technician says about the images they send; empty values mean the site's own."""

    site: Site
    accession: str = ""
    patient: str = ""
    specimen: str = ""
    stain: str = ""
    kind: str = ImageKind.FIELD
    urgent: bool = False
    microns_per_pixel: float | None = None


@dataclass(frozen=True)
class StoredSmear:
    """Files of one upload, on disk and fsynced, not yet in the records."""

    pk: UUID
    inspected: Inspected
    original: SealedFile
    size: int


@transaction.atomic(savepoint=False)
def case_open(context: CaseContext, *, by: User) -> Case:
    """Return the case of the context's accession at its site, made if it is new."""
    require(by, act=Act.UPLOAD, site=context.site)
    if not (accession := context.accession.strip()):
        return _case_new(context, by=by)
    case, made = Case.objects.get_or_create(
        site=context.site, accession=accession, defaults=_case_facts(context, by=by)
    )
    if made:
        audit_record("case.create", by=by, about=case)
    elif context.urgent and not case.urgent:
        Case.objects.filter(pk=case.pk).update(urgent=True)
        case.urgent = True
        audit_record("case.mark_urgent", by=by, about=case)
    return case


def _case_new(context: CaseContext, *, by: User) -> Case:
    """Make a case under an accession that nobody gave."""
    facts = _case_facts(context, by=by)
    case = row_insert(Case(site=context.site, accession=_new_accession(), **facts))
    audit_record("case.create", by=by, about=case)
    return case


def _case_facts(context: CaseContext, *, by: User) -> dict[str, Any]:
    return {"patient": context.patient.strip(), "created_by": by, "urgent": context.urgent}


def _new_accession() -> str:
    return "HQ-" + "".join(secrets.choice(ACCESSION_ALPHABET) for _ in range(8))


def slide_open(context: CaseContext, *, by: User) -> Slide:
    """Return the slide that the context names, made with its case where it is new."""
    kind = context.specimen or context.site.default_specimen
    if kind not in SpecimenType.values:
        raise Refused("Specimen type must be blood or marrow.", code="unknown_specimen")
    stain = context.stain.strip() or context.site.default_stain
    if not context.accession.strip():  # everything is new: nothing to look for
        specimen = row_insert(Specimen(case=_case_new(context, by=by), type=kind))
        return row_insert(Slide(specimen=specimen, stain=stain))
    case = case_open(context, by=by)
    known = Slide.objects.filter(specimen__case=case, specimen__type=kind, stain=stain)
    if slide := known.select_related("specimen__case").first():
        return slide
    specimen, _ = Specimen.objects.get_or_create(case=case, type=kind)
    slide, _ = Slide.objects.get_or_create(specimen=specimen, stain=stain)
    return slide


def smear_store(data: bytes, *, name: str) -> StoredSmear:
    """Check a file, and store it encrypted with its preview and thumbnail.

    Raises:
        ImageRefused: the file is no picture that can be worked on.
        StorageFull: the disk's floor would be passed.
        FileTooLarge: the file is larger than an upload may be.
    """
    if len(data) > settings.HEMAQUEUE["UPLOAD_LIMIT_BYTES"]:
        raise FileTooLarge
    require_room()
    inspected = inspect_upload(data, name=name)
    pk = uuid4()
    original = _written(f"images/{pk.hex[:2]}/{pk.hex}", data, inspected=inspected)
    return StoredSmear(pk=pk, inspected=inspected, original=original, size=len(data))


def _written(key: str, data: bytes, *, inspected: Inspected) -> SealedFile:
    """Write an upload's files, or none: the disk may fill up after it was asked for room."""
    views = {f"{key}.preview": inspected.preview, f"{key}.thumbnail": inspected.thumbnail}
    try:
        return sealing.write_sealed_all({key: data} | views)[key]
    except OSError as error:
        _remove_files(key)
        if error.errno in NO_ROOM:
            raise StorageFull from error
        raise


def require_room() -> None:
    """Raise StorageFull when the disk's floor is passed."""
    if storage.free_bytes() < settings.HEMAQUEUE["FREE_DISK_FLOOR_BYTES"]:
        raise StorageFull


@contextmanager
def smear_committed(stored: StoredSmear) -> Iterator[None]:
    """Commit what is written in it; where that surely failed, the upload's files go.

    A database that ends before it answers a commit leaves nobody knowing: the files stay, and the
    sweep removes them after a day if they have no row.
    """
    is_written = False
    try:
        with transaction.atomic():
            yield
            is_written = True
    except BaseException as error:
        if not is_written or isinstance(error, IntegrityError):
            _remove_files(stored.original.key)
        raise


def _remove_files(key: str) -> None:
    for suffix in ("", ".preview", ".thumbnail"):
        storage.remove(key + suffix)


def smear_record(
    stored: StoredSmear,
    *,
    slide: Slide,
    context: CaseContext,
    batch: Batch | None,
    name: str,
    by: User,
    hold: bool = False,
) -> SmearImage:
    """Write the row of a stored image. The caller holds the transaction.

    With `hold`, a poor one waits until its sender says whether it is to be worked on.
    """
    found = stored.inspected
    held = hold and bool(found.quality.flags)
    image = SmearImage(
        pk=stored.pk,
        site=context.site,
        case=slide.specimen.case,
        slide=slide,
        batch=batch,
        kind=context.kind,
        sha256=found.sha256,
        perceptual_hash=found.perceptual_hash,
        key=stored.original.key,
        filename=name,
        format=found.format,
        bytes=stored.size,
        width=found.width,
        height=found.height,
        microns_per_pixel=scale_of(context.microns_per_pixel, site=context.site),
        focus=found.quality.focus,
        exposure=found.quality.exposure,
        quality_flags=list(found.quality.flags),
        held_at=Now() if held else None,
        uploaded_by=by,
    )
    if held:
        image.save(force_insert=True)
    else:
        row_insert(image)
    if batch:
        batch_reopen(batch)
    audit_record("image.upload", by=by, about=image)
    return image


@transaction.atomic
def case_share(case: Case, *, colleague: User, by: User) -> None:
    """Let one colleague of another site see this case. An exception, by name, audited."""
    require(by, act=Act.SHARE, site=case.site_id)
    assign_perm("view_case", colleague, case)
    audit_record("case.share", by=by, about=case, colleague=str(colleague.pk))


@transaction.atomic
def case_unshare(case: Case, *, colleague: User, by: User) -> None:
    require(by, act=Act.SHARE, site=case.site_id)
    remove_perm("view_case", colleague, case)
    audit_record("case.unshare", by=by, about=case, colleague=str(colleague.pk))
