"""Where a review stands in a queue, and what stands beside it there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from hemaqueue.accounts.models import User
from hemaqueue.common.keyset import beyond, turned
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.queue import COUNTED, Capped, Queue, queue_reviews


@dataclass(frozen=True)
class Sides:
    """What stands before a review, the nearest first, what stands after it, and all but it."""

    before: QuerySet[Review]
    after: QuerySet[Review]
    all: QuerySet[Review]


def queue_beside(
    review: Review, queue: Queue, *, user: User, among: QuerySet[Review] | None = None
) -> Sides:
    """Return what stands around `review`, whether or not it is in the queue itself.

    What somebody else reads at the moment is passed over.
    """
    key = [getattr(review, name.lstrip("-")) for name in queue.fields]
    others = Q(claimed_until__gt=Now()) & ~Q(claimed_by=user)
    rows = queue_reviews(queue, user=user, among=among).exclude(pk=review.pk).exclude(others)
    rows = rows.select_related("case")
    if None in key:
        return Sides(rows.none(), rows.none(), rows)
    back = turned(queue.fields)
    before = rows.filter(beyond(back, key)).order_by(*back)
    return Sides(before, rows.filter(beyond(queue.fields, key)), rows)


def queue_neighbours(
    review: Review, queue: Queue, *, user: User
) -> tuple[Review | None, Review | None]:
    """Return what stands next before and after `review`: see `queue_beside`."""
    sides = queue_beside(review, queue, user=user)
    return sides.before.first(), sides.after.first()


@dataclass(frozen=True)
class Position:
    """The `number`-th of `total`; both stop being counted at a thousand."""

    number: int
    total: int

    @property
    def is_whole(self) -> bool:
        return self.total < COUNTED


def queue_position(
    review: Review, queue: Queue, *, user: User, among: QuerySet[Review] | None = None
) -> Position | None:
    """Return where `review` stands in the queue, None where it is not in it, or far behind."""
    rows = queue_reviews(queue, user=user, among=among)
    key = [getattr(review, name.lstrip("-")) for name in queue.fields]
    if None in key:
        return None
    before = Capped(rows.filter(beyond(turned(queue.fields), key)))
    found = rows.filter(pk=review.pk).values(before=before, total=Capped(rows)).first()
    if found is None or found["before"] >= COUNTED:
        return None
    return Position(found["before"] + 1, found["total"])
