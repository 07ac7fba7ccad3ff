"""After signing nothing changes, unless the case is opened again: with a reason, as a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.reviews.models import Amendment, Review
from hemaqueue.reviews.selectors import images_undecided
from hemaqueue.reviews.sorting import reviews_lock, reviews_resort
from hemaqueue.reviews.states import SIGNED, review_settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import Case, SmearImage

LONGEST_REASON = 1000
ARRIVED = "An image arrived after signing."
WITHDRAWN = "An image was withdrawn after signing."


class NotSigned(Conflict):
    """This case is not signed, so there is nothing to amend: decide on its images."""

    code = "not_signed"


class AmendmentUnexplained(Refused):
    """Say why the signed case is opened again, in at most 1,000 characters."""

    code = "reason_required"


@transaction.atomic
def review_amend(case: Case, *, by: User, reason: str) -> Amendment:
    """Open the next revision of a signed case. What was signed stays as it is.

    Raises:
        NotAllowed: the role of `by` at the case's site does not include signing.
        AmendmentUnexplained: there is no reason, or too much of it.
        NotSigned: the case is not signed, or was opened again already.
    """
    require(by, act=Act.SIGN, site=case.site_id)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise AmendmentUnexplained
    review = Review.objects.select_for_update().filter(case=case).first()
    if review is None or review.state not in SIGNED:
        raise NotSigned
    return _open(review, by=by, reason=why)


def reviews_reopen(cases: Iterable[Case]) -> list[Review]:
    """Open an amendment for each signed case that has an image about which nobody decided.

    Returns the reviews of all these cases, locked.
    """
    known = {case.pk: case for case in cases}
    locked = reviews_lock(known)
    late = [one for one in locked if one.state in SIGNED and _is_incomplete(known[one.case_id])]
    for review in late:
        _open(review, by=None, reason=ARRIVED)
    return reviews_lock(known) if late else locked


def _is_incomplete(case: Case) -> bool:
    return images_undecided(case).exists()


def review_reopen_without(image: SmearImage, *, by: User) -> None:
    """Open an amendment where the case of a withdrawn image was signed with it."""
    locked = Review.objects.select_for_update(of=("self",)).select_related("case")
    review = locked.filter(case=image.case_id, state__in=SIGNED).first()
    if review is not None:
        _open(review, by=by, reason=WITHDRAWN)


def _open(review: Review, *, by: User | None, reason: str) -> Amendment:
    review.revision += 1
    review_settle(review, revision=review.revision)
    amendment = Amendment.objects.create(
        review=review, revision=review.revision, by=by, reason=reason
    )
    reviews_resort([review.case_id])
    audit_record("case.amend", by=by, about=review.case, revision=review.revision)
    return amendment
