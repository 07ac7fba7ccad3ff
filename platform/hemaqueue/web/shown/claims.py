"""Who reads a case at the moment, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.reviews.claims import Claim, Claimed, case_claim, claim_standing
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.reading import images_left_to, may_read
from hemaqueue.specimens.models import Case


@dataclass(frozen=True)
class ClaimShown:
    """`sentence` stands in the line above the image; `mine` says whether one may go on."""

    mine: bool
    sentence: str
    claim_url: str
    release_url: str


def claim_opened(case: Case, *, user: User) -> ClaimShown | None:
    """Claim a case that is opened to be read, and return who holds it now.

    None for those who do not decide, who have read all of it, and for a case that nobody decides
    about any more: who only looks keeps nobody from settling it.
    """
    if not may_read(user, case=case) or not images_left_to(user, case=case):
        return None
    try:
        claim = case_claim(case, by=user)
    except Claimed as refusal:
        claim = refusal.claim
    return claim_shown(claim, case=case, user=user) if claim else None


def claim_shown(claim: Claim, *, case: Case, user: User) -> ClaimShown:
    mine = claim.holder == user
    words = _("You read this case until %(time)s.")
    if not mine:
        words = _("%(name)s reads this case until %(time)s.")
    return ClaimShown(
        mine=mine,
        sentence=words % {"name": claim.holder.printed_name, "time": clock(claim.until)},
        claim_url=reverse("case_claim", args=[case.pk]),
        release_url=reverse("case_release", args=[case.pk]),
    )


def claim_of_other(case: Case, *, user: User) -> ClaimShown | None:
    """Return who else reads a case at the moment, None where nobody does."""
    claim = claim_standing(case)
    if claim is None or claim.holder == user:
        return None
    return claim_shown(claim, case=case, user=user)


def clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")


def reader_line(review: Review, *, user: User) -> str:
    """Return who holds a case, or who began to read it: a list's column."""
    if review.claimed_by is None:
        return ""
    holds = review.claimed_until is not None and review.claimed_until > timezone.now()
    if review.claimed_by == user:
        return _("you")
    if holds and review.claimed_until:
        said = {"name": review.claimed_by.printed_name, "time": clock(review.claimed_until)}
        return _("%(name)s, until %(time)s") % said
    return _("begun by %s") % review.claimed_by.printed_name if review.decided else ""
