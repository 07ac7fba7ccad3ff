"""Putting reviews into their lanes: called wherever a fact changes that a lane depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q, UUIDField
from django.db.models.functions import Now
from django.utils import timezone

from hemaqueue.common.columns import columns_update
from hemaqueue.common.prepared import Among, Prepared
from hemaqueue.reviews.facts import facts_of
from hemaqueue.reviews.lanes import CaseFacts, Place, place_of
from hemaqueue.reviews.models import Review, ReviewState
from hemaqueue.reviews.signals import Signal
from hemaqueue.reviews.states import UNSIGNED

if TYPE_CHECKING:
    from datetime import datetime

    from hemaqueue.accounts.models import Site

DERIVED = [field.name for field in fields(Place)]
WRITTEN = [*DERIVED, "state", "decided_at", "in_lane_since"]
AT_ONCE = 500

_locked: Prepared[Review] = Prepared(
    lambda: (
        Review.objects.filter(Among("case", "cases", UUIDField()))
        .order_by("pk")
        .select_for_update(of=("self",))
    )
)


def reviews_lock(cases: Iterable[UUID]) -> list[Review]:
    """Lock the reviews of these cases in the order of their ids: nobody waits in a circle."""
    return _locked(cases=sorted(set(cases)))


@transaction.atomic(savepoint=False)
def reviews_resort(cases: Collection[UUID]) -> None:
    """Derive anew where the unsigned reviews of these cases stand: five queries for all.

    Call it after the change, in the change's transaction. A review that has nothing left to
    decide moves to decided, another one back to open.
    """
    reviews_place(reviews_lock(cases))


def reviews_place(locked: Iterable[Review]) -> None:
    """Do as `reviews_resort` does for reviews that are locked already.

    All are written by one statement.
    """
    unsigned = [review for review in locked if review.state in UNSIGNED]
    if not unsigned:
        return
    facts = facts_of([review.case_id for review in unsigned])
    now = timezone.now()
    changed = [one for one in unsigned if _place(one, facts[one.case_id], now=now)]
    columns_update(changed, WRITTEN)


def _place(review: Review, case: CaseFacts, *, now: datetime) -> bool:
    """Set what is derived; say whether anything changed."""
    state = ReviewState.DECIDED if case.images and case.is_read else ReviewState.OPEN
    derived = asdict(place_of(case, now=now)) | {"state": state}
    was = {name: getattr(review, name) for name in derived}
    if review.in_lane_since and was == derived:
        return False
    if not review.in_lane_since or (was["state"], was["lane"]) != (state, derived["lane"]):
        review.in_lane_since = now
    if was["state"] != state:
        review.decided_at = now if state == ReviewState.DECIDED else None
    for name, value in derived.items():
        setattr(review, name, value)
    return True


def reviews_resort_site(site: Site) -> int:
    """Derive every unsigned review of a site anew: its rules have changed."""
    return _resort_all(Q(site=site))


def reviews_resort_due() -> int:
    """Derive anew what became overdue since, or was never derived; return how many."""
    late = Q(due_at__lte=Now(), state=ReviewState.OPEN) & ~Q(reasons__contains=[Signal.OVERDUE])
    return _resort_all(late | Q(in_lane_since=None))


def _resort_all(rule: Q) -> int:
    found = Review.objects.filter(rule, state__in=UNSIGNED).order_by("pk")
    cases = list(found.values_list("case", flat=True))
    for start in range(0, len(cases), AT_ONCE):
        reviews_resort(cases[start : start + AT_ONCE])
    return len(cases)
