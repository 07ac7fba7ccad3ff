"""The queue that a reader works through: it goes with them from page to page.

A page carries the token of its queue in its address. A forged one is as good as none: then the
order of work decides what comes next, over all open cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.reviews.first_reads import UNKNOWN, certainties
from hemaqueue.reviews.models import Decision, Review
from hemaqueue.reviews.queue import Queue, reviews_readable
from hemaqueue.reviews.queue_places import queue_beside, queue_position
from hemaqueue.reviews.reading import images_left
from hemaqueue.reviews.selectors import review_of
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.web.addresses import url_of
from hemaqueue.web.shown.lanes import address, capped, lane_word

USUAL = Queue(lane="all")
AFTER_READING = ("sign", "signed")  # lanes in which nothing is left to read
LOOKED_AT = 5  # cases, until one has an image that this reader could read


@dataclass(frozen=True)
class Place:
    """Where a case stands in its queue; `words` are empty for one that has left it."""

    lane: str
    words: str
    url: str


@dataclass(frozen=True)
class Walk:
    """`queue` is None where a page came without one; `token` is what its addresses carry."""

    queue: Queue | None = None
    token: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        token = request.GET.get("queue", "")
        queue = Queue.opened(token) if token else None
        return cls(queue, token) if queue else cls()

    def carried(self, url: str) -> str:
        """Return an address without a query of its own, with the queue."""
        return f"{url}?queue={self.token}" if self.token else url

    def image_url(self, pk: UUID | None) -> str:
        return self.carried(url_of("image", pk)) if pk else ""

    @property
    def query(self) -> dict[str, str]:
        """Return what an address with a query of its own carries besides."""
        return {"queue": self.token} if self.token else {}

    @property
    def leave_url(self) -> str:
        return address(self.queue) if self.queue else reverse("worklist")


WITHOUT = Walk()


@dataclass(frozen=True)
class Ahead:
    """The image that the case after this one, and the one before it, opens with."""

    after: UUID | None = None
    before: UUID | None = None
    place: Place | None = None


def ahead(case: Case, *, user: User, walk: Walk, after: bool, before: bool) -> Ahead:
    """Return where a case stands in the reader's queue, and what lies there beside it.

    It is looked up on the sides that are asked for. After the last case comes the first that is
    left. What somebody else reads is passed over.
    """
    queue = walk.queue or USUAL
    review = review_of(case)
    if review is None:
        return Ahead()
    among = reviews_readable(user)
    place = _place(review, queue, user=user, among=among) if walk.queue else None
    if queue.lane in AFTER_READING or not (after or before):
        return Ahead(place=place)
    mine = Decision.objects.filter(image=OuterRef("pk"), reader=user)
    images = SmearImage.objects.filter(case=OuterRef("case"), withdrawn_at=None)
    left = among.filter(Exists(images.exclude(Exists(mine))))
    sides = queue_beside(review, queue, user=user, among=left)
    onwards = sides.after if walk.queue else sides.all
    found = _openings(onwards if after else None, sides.before if before else None, user=user)
    if after and walk.queue and found[0] is None:
        found[0] = _openings(sides.all, user=user)[0]
    return Ahead(found[0], found[1], place)


def _place(review: Review, queue: Queue, *, user: User, among: QuerySet[Review]) -> Place:
    found = queue_position(review, queue, user=user, among=among)
    words = ""
    if found:
        words = _("%(n)s of %(total)s") % {"n": found.number, "total": capped(found.total)}
    return Place(lane=lane_word(queue.lane), words=words, url=address(queue))


def _openings(*sides: QuerySet[Review] | None, user: User) -> list[UUID | None]:
    """Return, for each side, the image to begin with of its first case that has one.

    That is the least certain one: two queries for all sides, beside one for each.
    """
    cases = [
        list(side.values_list("case", "site")[:LOOKED_AT]) if side is not None else []
        for side in sides
    ]
    left = images_left(user, sites=dict(pair for side in cases for pair in side))
    begins = [next((left[case] for case, _site in side if left[case]), []) for side in cases]
    several = [pk for images in begins if len(images) > 1 for pk in images]
    known = certainties(several, reader=user) if several else {}
    return [min(one, key=lambda pk: known.get(pk, UNKNOWN), default=None) for one in begins]
