"""The states of a review, and which follows which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.functions import Now

from hemaqueue.common.errors import Conflict
from hemaqueue.reviews.models import Review, ReviewState
from hemaqueue.reviews.selectors import images_undecided, review_of

if TYPE_CHECKING:
    from typing import Any

    from hemaqueue.specimens.models import Case

FOLLOWS: dict[ReviewState, frozenset[ReviewState]] = {
    ReviewState.OPEN: frozenset({ReviewState.DECIDED}),
    ReviewState.DECIDED: frozenset({ReviewState.OPEN, ReviewState.SIGNED, ReviewState.AMENDED}),
    ReviewState.SIGNED: frozenset({ReviewState.OPEN, ReviewState.DECIDED}),
    ReviewState.AMENDED: frozenset({ReviewState.OPEN, ReviewState.DECIDED}),
}

#: Nothing is decided in these until an amendment is opened.
SIGNED = frozenset({ReviewState.SIGNED, ReviewState.AMENDED})


#: What may still be said about a case.
UNSIGNED = frozenset(ReviewState) - SIGNED


def case_is_signed(case: Case) -> bool:
    """Say whether only an amendment changes what is said about a case."""
    review = review_of(case)
    return review is not None and review.state in SIGNED


class OutOfOrder(Conflict):
    """The review is not in a state from which this follows. Reload, and look again."""

    code = "out_of_order"


class AlreadySigned(Conflict):
    """This case is signed. Only an amendment, with its reason, opens it again."""

    code = "signed"


def review_lock_open(case: Case) -> Review:
    """Return the review of `case`, opened if there was none, locked.

    Raises:
        AlreadySigned: nothing is said about it any more.
    """
    Review.objects.get_or_create(case=case, defaults={"site_id": case.site_id})
    locked = Review.objects.select_for_update(of=("self",)).select_related("case", "claimed_by")
    review = locked.get(case=case)
    if review.state in SIGNED:
        raise AlreadySigned
    return review


def review_move(review: Review, *, to: ReviewState, **also: Any) -> None:
    """Move a locked review to another state; moving to its own changes nothing but `also`.

    Raises:
        OutOfOrder: `to` does not follow the state it is in.
    """
    if to != review.state and to not in FOLLOWS[ReviewState(review.state)]:
        raise OutOfOrder
    Review.objects.filter(pk=review.pk).update(state=to, **also)
    review.state = to


def review_settle(review: Review, **also: Any) -> None:
    """Move a locked review that is not signed to decided, or back to open."""
    decided = not images_undecided(review.case).exists()
    to = ReviewState.DECIDED if decided else ReviewState.OPEN
    review_move(review, to=to, decided_at=Now() if decided else None, **also)
