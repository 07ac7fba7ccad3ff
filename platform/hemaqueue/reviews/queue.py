"""The queue: a lane and filters, as they stand in the query string, in one stable order.

What a reader filters by is what they work through: the same queue gives the rows of the worklist
and what comes next on the review screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from django.core import signing
from django.db.models import F, IntegerField, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils import timezone

from hemaqueue.accounts.models import SpecimenType, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.common.errors import Refused
from hemaqueue.common.prepared import Given
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.reviews.models import TO_READ, Lane, Referral, Review, ReviewState, Signature
from hemaqueue.reviews.selectors import WORK_ORDER
from hemaqueue.reviews.signals import Signal
from hemaqueue.specimens.models import SmearImage

LANES = (*Lane.values, "all", "mine", "returned", "overdue", "sign", "signed")
ORDERS = {
    "": WORK_ORDER,
    "doubt": ("doubt", "waiting_since", "id"),
    "oldest": ("waiting_since", "id"),
    "newest": ("-waiting_since", "-id"),
}
AGES = ("1", "4", "24", "72")  # hours
LONGEST = {"q": 64, "stain": 60}
SALT = "hemaqueue.reviews.queue"
COUNTED = 1000


class UnknownFilter(Refused):
    """This filter is none that the worklist knows. Clear it, and choose again."""

    code = "unknown_filter"


def _is_uuid(text: str) -> bool:
    try:
        return not text or bool(UUID(text))
    except ValueError:
        return False


@dataclass(frozen=True)
class Queue:
    """`q` begins an accession or a pseudonym, `age` is in hours; what is empty asks nothing."""

    lane: str = Lane.ATTENTION.value
    q: str = ""
    site: str = ""
    specimen: str = ""
    stain: str = ""
    label: str = ""
    reason: str = ""
    age: str = ""
    order: str = ""

    def __post_init__(self) -> None:
        known = (
            (self.lane, LANES),
            (self.specimen, ("", *SpecimenType.values)),
            (self.label, ("", *CLASSES)),
            (self.reason, ("", *Signal)),
            (self.age, ("", *AGES)),
            (self.order, tuple(ORDERS)),
        )
        if any(value not in values for value, values in known) or not _is_uuid(self.site):
            raise UnknownFilter
        if any(len(getattr(self, name)) > most for name, most in LONGEST.items()):
            raise UnknownFilter
        if "\0" in self.q + self.stain:
            raise UnknownFilter

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Self:
        """Return the queue of a query string; names that are none of ours are left alone.

        Raises:
            UnknownFilter: a value means nothing.
        """
        given = {name: str(query[name]).strip() for name in NAMES if name in query}
        return cls(**{name: value for name, value in given.items() if value})

    @classmethod
    def opened(cls, token: str) -> Self | None:
        """Return the queue that a page carries with it, None where it is none of ours."""
        try:
            return cls(**signing.loads(token, salt=SALT))
        except (signing.BadSignature, TypeError, UnknownFilter):
            return None

    @property
    def token(self) -> str:
        """What a page carries with it: signed, and without an accession in plain sight."""
        return signing.dumps(self.said, salt=SALT, compress=True)

    @property
    def said(self) -> dict[str, str]:
        """What differs from the usual queue."""
        usual = asdict(USUAL)
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    @property
    def fields(self) -> tuple[str, ...]:
        """What its rows are ordered by; the last one is unique."""
        if self.lane == "signed":
            return ("-decided_at", "-id")
        return ORDERS[self.order]


NAMES = tuple(field.name for field in fields(Queue))
USUAL = Queue()


def reviews_readable(user: User) -> QuerySet[Review]:
    """Return the reviews that `user` may decide about: of the own sites, or asked of them."""
    sites = sites_allowing(user, act=Act.DECIDE)
    asked = Referral.objects.filter(to=user, answered_at=None).values_list("review", flat=True)
    rule = Q(site__in=sites)
    if sites and (elsewhere := list(asked.exclude(review__site__in=sites))):
        rule |= Q(pk__in=elsewhere)
    found: QuerySet[Review] = Review.objects.visible_to(user).filter(rule)
    return found


def queue_reviews(
    queue: Queue, *, user: User, among: QuerySet[Review] | None = None
) -> QuerySet[Review]:
    """Return the reviews of a queue in its order; `among` spares asking for the sites again."""
    readable = reviews_readable(user) if among is None else among
    if queue.lane == "mine":  # a colleague of another site may ask for an opinion, by name
        readable = Review.objects.visible_to(user)
    found = readable.filter(in_lane(queue.lane, user), _narrowing(queue, user))
    return found.order_by(*queue.fields)


def in_lane(lane: str, user: User | Given) -> Q:
    """Return what is in a lane; "mine" alone depends on whose it is."""
    match lane:
        case "all":
            return TO_READ
        case "mine":
            unsigned = (ReviewState.OPEN, ReviewState.DECIDED)  # others may have read all of it
            owed = Referral.objects.filter(to=user, answered_at=None, review__state__in=unsigned)
            holds = Q(claimed_until__gt=Now()) | Q(decided__gt=0)
            begun = Review.objects.filter(TO_READ, holds, claimed_by=user).values("pk")
            return Q(pk__in=begun.union(owed.values("review")))
        case "returned":
            return TO_READ & Q(at_bench=True)
        case "overdue":
            return TO_READ & Q(due_at__lte=Now())
        case "sign":
            return Q(state=ReviewState.DECIDED, images__gt=0)
        case "signed":
            today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
            signed = Signature.objects.filter(at__gte=today, revision=F("review__revision"))
            return Q(pk__in=signed.values("review"))
        case _:
            return TO_READ & Q(lane=lane)


def _narrowing(queue: Queue, user: User) -> Q:
    rule = Q()
    if queue.q:
        rule &= Q(case__accession__istartswith=queue.q) | Q(case__patient__istartswith=queue.q)
    if queue.site:
        rule &= Q(site=queue.site)
    if queue.reason == Signal.OVERDUE:
        rule &= Q(due_at__lte=Now())
    elif queue.reason:
        rule &= Q(reasons__contains=[queue.reason])
    if queue.age:
        rule &= Q(waiting_since__lte=timezone.now() - timedelta(hours=int(queue.age)))
    if images := _image_rule(queue):
        live = SmearImage.objects.filter(withdrawn_at=None, **images)
        rule &= Q(case__in=images_revealed(live, reader=user).values("case"))
    return rule


def _image_rule(queue: Queue) -> dict[str, str]:
    """Return what one image of the case has to be."""
    asked = {
        "slide__specimen__type": queue.specimen,
        "slide__stain__iexact": queue.stain,
        "predictions__label": queue.label,
    }
    return {path: value for path, value in asked.items() if value}


class Capped(Subquery):
    """How many rows a query finds, but not beyond a thousand: a column of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS found)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[:COUNTED])


def capped_count(rows: QuerySet[Any]) -> int:
    """Count rows, but not beyond a thousand."""
    return rows.order_by()[:COUNTED].count()
