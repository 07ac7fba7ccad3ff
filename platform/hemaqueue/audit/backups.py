"""Backups on record: when the last one was, and from which one this system came."""

from __future__ import annotations

from django.db import transaction

from hemaqueue.audit.models import Backup
from hemaqueue.audit.services import audit_record


@transaction.atomic
def backup_record(*, files: int, bytes: int, seconds: float) -> Backup:
    """Note a backup that is whole and on its disk."""
    backup = Backup.objects.create(files=files, bytes=bytes, seconds=seconds)
    audit_record("backup.make", by=None, about=backup, files=files, bytes=bytes)
    return backup


def restore_record(*, made_at: str) -> None:
    """Note that this system was made of a backup, and of which."""
    audit_record("backup.restore", by=None, made_at=made_at)


def backup_latest() -> Backup | None:
    return Backup.objects.order_by("-at", "-pk").first()
