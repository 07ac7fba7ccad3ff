"""Taking a picture of a data set, with its label, out of what models learn from, and back in.

Nothing is erased: snapshots keep it, and each version that learned from it lists it. What is kept
for judging stays in the frozen test set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.reviews.withdrawing import (
    LONGEST_REASON,
    ImageTeachesAlready,
    ImageTeachesNothing,
    WithdrawalUnexplained,
)
from hemaqueue.training.models import DatasetImage, DatasetWithdrawal

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


def picture_withdrawals(picture: DatasetImage) -> QuerySet[DatasetWithdrawal]:
    """Return what was said of a picture's teaching, the newest first."""
    return picture.withdrawals.select_related("by").order_by("-at", "-pk")


def picture_withdraw(picture: DatasetImage, *, reason: str, by: User) -> DatasetWithdrawal:
    """Let a picture of a data set teach no more.

    Raises:
        Missing: `by` does not run the installation.
        WithdrawalUnexplained: there is no reason, or it is too long.
        ImageTeachesNothing: it was withdrawn before.
    """
    return _said(picture, reason=reason, by=by, back=False)


def picture_teach_again(picture: DatasetImage, *, reason: str, by: User) -> DatasetWithdrawal:
    """Let a picture that was withdrawn teach again, under the label it came with.

    Raises:
        Missing: `by` does not run the installation.
        WithdrawalUnexplained: there is no reason, or it is too long.
        ImageTeachesAlready: it is not withdrawn.
    """
    return _said(picture, reason=reason, by=by, back=True)


@transaction.atomic
def _said(picture: DatasetImage, *, reason: str, by: User, back: bool) -> DatasetWithdrawal:
    require_installation(by)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise WithdrawalUnexplained
    locked = DatasetImage.objects.select_for_update().get(pk=picture.pk)
    if back and locked.withdrawn_at is None:
        raise ImageTeachesAlready
    if not back and locked.withdrawn_at is not None:
        raise ImageTeachesNothing
    now = timezone.now()
    DatasetImage.objects.filter(pk=picture.pk).update(withdrawn_at=None if back else now)
    picture.withdrawn_at = None if back else now
    audit_record("picture.teach" if back else "picture.unteach", by=by, about=picture)
    made: DatasetWithdrawal = DatasetWithdrawal.objects.create(
        picture=picture, by=by, reason=why, back=back, at=now
    )
    return made
