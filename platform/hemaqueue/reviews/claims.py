"""Claims: who opens a case to read holds it for a while, and the others see it.

A claim ends by itself, with its release, or when the case is read. It is no permission: who may
decide is asked everywhere it always was. Opening and deciding leave their own events; taking over
and letting go leave one here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.reading import require_reading
from hemaqueue.reviews.states import UNSIGNED

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import Case

HELD_FOR = timedelta(minutes=15)
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Claim:
    """Who reads a case at the moment, and until when they hold it."""

    holder: User
    until: datetime


class Claimed(Conflict):
    """Somebody else is reading this case. Wait until they leave it, or take it over."""

    code = "claimed"

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        super().__init__()


class TakeOverUnexplained(Refused):
    """Say why you take the case over, in at most 1,000 characters."""

    code = "reason_required"


def claim_of(review: Review) -> Claim | None:
    """Return the claim that holds now."""
    if review.claimed_by is None or not review.claimed_until:
        return None
    holds = review.claimed_until > timezone.now()
    return Claim(review.claimed_by, review.claimed_until) if holds else None


def claim_standing(case: Case) -> Claim | None:
    """Return who reads a case at the moment."""
    review = Review.objects.filter(case=case).select_related("claimed_by").first()
    return claim_of(review) if review else None


@transaction.atomic
def case_claim(case: Case, *, by: User) -> Claim | None:
    """Hold a case for a quarter of an hour more; None for one that is signed or not open.

    Raises:
        NotAllowed: `by` may not decide about the case.
        Claimed: somebody else holds it.
    """
    require_reading(by, case=case)
    review = _locked(case)
    return claim_hold(review, by=by) if review else None


def claim_hold(review: Review, *, by: User) -> Claim:
    """Take or renew the claim to a locked review.

    Raises:
        Claimed: somebody else holds it.
    """
    standing = claim_of(review)
    if standing and standing.holder != by:
        raise Claimed(standing)
    return _hold(review, by=by)


@transaction.atomic
def case_take_over(case: Case, *, by: User, reason: str) -> Claim | None:
    """Hold a case that somebody else holds. They keep what they decided.

    Raises:
        NotAllowed: `by` may not decide about the case.
        TakeOverUnexplained: there is no reason, or too much of it.
    """
    require_reading(by, case=case)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise TakeOverUnexplained
    review = _locked(case)
    if review is None:
        return None
    standing = claim_of(review)
    former = str(standing.holder.pk) if standing else ""
    audit_record("case.take_over", by=by, about=case, former=former, reason=why)
    return _hold(review, by=by)


@transaction.atomic
def case_release(case: Case, *, by: User) -> bool:
    """Let go of a case; False where `by` did not hold it."""
    review = _locked(case)
    standing = claim_of(review) if review else None
    if review is None or standing is None or standing.holder != by:
        return False
    claim_end(review)
    audit_record("case.release", by=by, about=case)
    return True


def claim_end(review: Review) -> None:
    """End the claim to a locked review. Who had begun to read stays on record."""
    review.claimed_until = None
    if not review.decided:
        review.claimed_by = None
    _write(review)


def _locked(case: Case) -> Review | None:
    found = Review.objects.filter(case=case, state__in=UNSIGNED)
    return found.select_for_update(of=("self",)).select_related("claimed_by", "case").first()


def _hold(review: Review, *, by: User) -> Claim:
    review.claimed_by, review.claimed_until = by, timezone.now() + HELD_FOR
    _write(review)
    return Claim(by, review.claimed_until)


def _write(review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(
        claimed_by=review.claimed_by_id, claimed_until=review.claimed_until
    )
