"""What readers do with many images at once: the password first, then one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from hemaqueue.accounts.identity import TooManyAttempts, WrongPassword, identity_confirm
from hemaqueue.audit.models import Outcome
from hemaqueue.audit.services import audit_record
from hemaqueue.reviews.bulk import Confirmed, images_confirm

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hemaqueue.accounts.models import User


def images_confirmed(
    images: Sequence[UUID], *, by: User, password: str, request: HttpRequest
) -> Confirmed:
    """A clinician confirms many clear images with their own password.

    The password is asked outside of the transaction, so that a wrong one stays counted.

    Raises:
        WrongPassword, TooManyAttempts: it is not for this person to confirm.
        TooMany: see `images_confirm`.
    """
    try:
        proof = identity_confirm(by, password=password, request=request)
    except (WrongPassword, TooManyAttempts) as refusal:
        audit_record("images.confirm", by=by, outcome=Outcome.DENIED, code=refusal.code)
        raise
    return images_confirm(images, proof=proof)
