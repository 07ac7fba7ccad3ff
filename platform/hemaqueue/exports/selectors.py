"""Reading exports: one's own, and only while the role that allowed them lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from hemaqueue.common.errors import Missing, NotAllowed, PlatformError
from hemaqueue.exports.models import Export, ExportKind
from hemaqueue.exports.services import export_sites
from jobcontract.sealing import read_sealed

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class ExportExpired(PlatformError):
    """This file was kept for a day and is gone. Ask for it again."""

    code = "expired"
    status = 410


class ExportUnready(PlatformError):
    """The file is not built yet."""

    code = "not_built"
    status = 409


def export_list(user: User) -> QuerySet[Export]:
    """Return what `user` asked for, newest first."""
    mine = Export.objects.filter(requested_by=user).select_related(
        "requested_by", "batch", "snapshot"
    )
    return mine.order_by("-requested_at", "-id")


def export_get(user: User, pk: UUID) -> Export:
    """Return one export of one's own.

    Raises:
        Missing: there is none, it is somebody else's, or a site of it is not `user`'s any more.
    """
    export = export_list(user).filter(pk=pk).first()
    if export is None:
        raise Missing
    try:
        allowed = export_sites(export.kind, by=user, identified=export.identified)
    except NotAllowed as refusal:
        raise Missing from refusal
    if not set(export.sites) <= set(allowed):
        raise Missing
    return export


def export_is_over(export: Export) -> bool:
    return export.expires_at is not None and export.expires_at <= timezone.now()


def export_bytes(export: Export) -> bytes:
    """Return the file.

    Raises:
        ExportUnready: it is not built.
        ExportExpired: its day is over.
        FileDamaged, FileMissing: it is not what was stored.
    """
    if not export.key:
        raise ExportUnready
    if export.removed_at or export_is_over(export):
        raise ExportExpired
    return read_sealed(export.key)


def export_name(export: Export) -> str:
    """Return what a fetched file is called: its kind and the export's id."""
    ending = "zip" if export.kind == ExportKind.SNAPSHOT else export.format
    return f"hemaqueue-{export.kind}-{export.pk}.{ending}"
