"""Writing batches: opened, announced, what of them was refused, and their end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models.functions import Greatest, Now

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.specimens.models import Batch, Case, RefusedFile, SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import Site, User

MOST_FILES = 2_000


class BatchFull(Refused):
    """A batch has at most 2,000 files. Send the others as another batch."""

    code = "batch_full"


def batch_room(batch: Batch) -> int:
    """Return how many files may still join a batch."""
    return MOST_FILES - batch.images.count() - batch.refused.count()


@transaction.atomic
def batch_open(
    *, site: Site, name: str, by: User, expected: int = 0, pk: UUID | None = None
) -> Batch:
    """Open a batch; `expected` is how many files its sender announces, 0 where nobody knows."""
    require(by, act=Act.UPLOAD, site=site)
    batch: Batch = Batch.objects.create(
        pk=pk or uuid4(), site=site, name=name.strip()[:120], created_by=by, expected=expected
    )
    audit_record("batch.create", by=by, about=batch)
    return batch


def batch_expect(batch: Batch, *, files: int) -> None:
    """Note that a batch will have at least `files` files in all."""
    Batch.objects.filter(pk=batch.pk).update(expected=Greatest("expected", files), ended_at=None)


def batch_reopen(batch: Batch) -> None:
    """Something was added to a batch, or is tried again: it has not ended any more."""
    Batch.objects.filter(pk=batch.pk, ended_at__isnull=False).update(ended_at=None)


def batch_reopen_with(image: UUID) -> None:
    """Something of an image is tried again: the batch it came with has not ended any more."""
    Batch.objects.filter(images=image, ended_at__isnull=False).update(ended_at=None)


def batch_end(batch: Batch) -> bool:
    """Note that a batch has ended; False where somebody else did in the meantime."""
    return bool(Batch.objects.filter(pk=batch.pk, ended_at=None).update(ended_at=Now()))


def file_refused_alone() -> None:
    """Count a refused file that belongs to no batch. Nothing else is kept of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('specimens_refused_alone')")


def files_refused_alone() -> int:
    """Return how many there were; after a crash of PostgreSQL it may be up to 32 too many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM specimens_refused_alone")
        value, is_called = cursor.fetchone()
    return int(value) if is_called else 0


def file_refused(
    batch: Batch,
    *,
    name: str,
    code: str,
    detail: str,
    duplicate_of: SmearImage | None = None,
    case: Case | None = None,
) -> RefusedFile:
    """Note in a batch that a file became no image of its own."""
    batch_reopen(batch)
    return RefusedFile.objects.create(
        batch=batch,
        filename=name,
        code=code,
        detail=detail[:300],
        duplicate_of=duplicate_of,
        case=case,
    )
