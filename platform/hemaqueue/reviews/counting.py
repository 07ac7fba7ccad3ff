"""How many cases lie in each lane, in one statement, of which most is put together only once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import QuerySet, UUIDField
from django.utils import timezone

from hemaqueue.common.prepared import Given
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.queue import COUNTED, in_lane

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

COUNT = "(SELECT COUNT(*) FROM (SELECT 1 FROM reviews_review WHERE {} AND {} LIMIT %s) AS found)"
#: A condition on `reviews_review` alone, with its parameters.
Condition = tuple[str, tuple[Any, ...]]


def lane_counts(lanes: Iterable[str], *, user: User, among: QuerySet[Review]) -> dict[str, int]:
    """Return how many reviews each lane holds, none beyond a thousand: one query for all.

    `among` are those that `user` may decide about; their own lane has what they were asked, too.
    """
    readable = _condition(among)
    counts: dict[str, str] = {}
    given: list[Any] = []
    for lane in lanes:
        sides = readable if lane != "mine" else _condition(Review.objects.visible_to(user))
        rule = _rule(lane, timezone.localdate())
        own = [user.pk if isinstance(one, Given) else one for one in rule[1]]
        given += [*sides[1], *own, COUNTED]
        counts[lane] = COUNT.format(sides[0], rule[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(counts.values()), given)
        return dict(zip(counts, cursor.fetchone(), strict=True))


@lru_cache
def _rule(lane: str, today: date) -> Condition:
    """Return what is in a lane of anybody; that of the day's signatures is another one tomorrow."""
    return _condition(Review.objects.filter(in_lane(lane, Given("reader", UUIDField()))))


def _condition(rows: QuerySet[Review]) -> Condition:
    """Return what a query set asks of its rows; it joins no other table."""
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, given = compiler.compile(rows.query.where)
    except EmptyResultSet:
        return "FALSE", ()
    except FullResultSet:
        return "TRUE", ()
    return sql, tuple(given)
