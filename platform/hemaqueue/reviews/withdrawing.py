"""Taking a confirmed label, or a whole image, out of what models learn from, and an image back in.

Training reads labels that were not withdrawn; versions that learned from one keep listing it
(`training.withdrawn`). Nothing is erased; what was decided and signed about it stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.reviews.models import ConfirmedLabel, LabelWithdrawal
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

LONGEST_REASON = 300


class WithdrawalUnexplained(Refused):
    """Say in at most 300 characters why it must not teach."""

    code = "reason_required"


class NothingToWithdraw(Conflict):
    """No label of this image teaches at the moment."""

    code = "no_label"


class ImageTeachesNothing(Conflict):
    """This image was withdrawn from training before."""

    code = "already_withdrawn"


class ImageTeachesAlready(Conflict):
    """This image is not withdrawn from training."""

    code = "not_withdrawn"


def label_teaching(image: SmearImage) -> ConfirmedLabel | None:
    """Return the label of an image that counts for training, None where none does."""
    newest = ConfirmedLabel.objects.filter(image=image).order_by("-at", "-pk")
    label = newest.select_related("reader").first()
    return label if label and label.withdrawn_at is None else None


def image_teaches(image: SmearImage) -> bool:
    """Say whether labels of an image may teach at all."""
    standing = _standing(image)
    return standing is None or standing.back


def _standing(image: SmearImage) -> LabelWithdrawal | None:
    """Return what was said last of an image as a whole."""
    whole = LabelWithdrawal.objects.filter(image=image, label=None)
    return whole.order_by("-at", "-pk").first()


def withdrawals_of(image: SmearImage) -> QuerySet[LabelWithdrawal]:
    """Return what was withdrawn of an image, the newest first."""
    found: QuerySet[LabelWithdrawal] = LabelWithdrawal.objects.filter(image=image)
    return found.select_related("by", "label").order_by("-at", "-pk")


@transaction.atomic
def label_withdraw(image: SmearImage, *, reason: str, by: User) -> LabelWithdrawal:
    """Withdraw the label that counts. A later decision confirms another one.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include it.
        WithdrawalUnexplained: there is no reason, or it is too long.
        NothingToWithdraw: no label of the image teaches.
    """
    why = _allowed(image, reason=reason, by=by)
    label = label_teaching(image)
    if label is None:
        raise NothingToWithdraw
    ConfirmedLabel.objects.filter(pk=label.pk).update(withdrawn_at=Now())
    return _written(image, label=label, why=why, by=by)


@transaction.atomic
def image_withdraw_from_training(image: SmearImage, *, reason: str, by: User) -> LabelWithdrawal:
    """Let nothing that was or will be said of an image teach.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include it.
        WithdrawalUnexplained: there is no reason, or it is too long.
        ImageTeachesNothing: it was withdrawn before.
    """
    why = _allowed(image, reason=reason, by=by)
    if not image_teaches(image):
        raise ImageTeachesNothing
    made = _written(image, label=None, why=why, by=by)
    standing = ConfirmedLabel.objects.filter(image=image, withdrawn_at=None)
    standing.update(withdrawn_at=made.at)
    return made


@transaction.atomic
def image_teach_again(image: SmearImage, *, reason: str, by: User) -> LabelWithdrawal:
    """Let an image that was withdrawn teach again, as what was decided last.

    A label that was withdrawn by itself, or whose decision was taken back, stays withdrawn.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include it.
        WithdrawalUnexplained: there is no reason, or it is too long.
        ImageTeachesAlready: it is not withdrawn.
    """
    why = _allowed(image, reason=reason, by=by)
    standing = _standing(image)
    if standing is None or standing.back:
        raise ImageTeachesAlready
    label = ConfirmedLabel.objects.filter(image=image).order_by("-at", "-pk").first()
    if label and label.withdrawn_at in (standing.at, label.at):  # then, or on arrival since
        ConfirmedLabel.objects.filter(pk=label.pk).update(withdrawn_at=None)
    return _written(image, label=None, why=why, by=by, back=True)


def _allowed(image: SmearImage, *, reason: str, by: User) -> str:
    """Return the reason in its form, once `by` may act; acts on an image follow one another."""
    require(by, act=Act.WITHDRAW_LABEL, site=image.site_id)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise WithdrawalUnexplained
    SmearImage.objects.select_for_update(of=("self",)).get(pk=image.pk)
    return why


def _written(
    image: SmearImage, *, label: ConfirmedLabel | None, why: str, by: User, back: bool = False
) -> LabelWithdrawal:
    made: LabelWithdrawal = LabelWithdrawal.objects.create(
        image=image, label=label, by=by, reason=why, back=back, at=timezone.now()
    )
    if label is None:
        audit_record("image.teach" if back else "image.unteach", by=by, about=image)
    else:
        audit_record("label.withdraw", by=by, about=image, label=label.label, confirmed=label.pk)
    made.refresh_from_db()
    return made
