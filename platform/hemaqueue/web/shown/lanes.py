"""The lanes of the worklist as tiles with counts, and what an empty one says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hemaqueue.accounts.models import User
from hemaqueue.reviews.counting import lane_counts
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.queue import COUNTED, Queue, capped_count, queue_reviews
from hemaqueue.web.shown.tiles import LinkTile

WORDS: dict[str, Promise | str] = {
    "attention": gettext_lazy("Needs attention"),
    "ready": gettext_lazy("Ready"),
    "clear": gettext_lazy("Clear"),
    "mine": gettext_lazy("Mine"),
    "returned": gettext_lazy("Returned"),
    "overdue": gettext_lazy("Overdue"),
    "sign": gettext_lazy("To sign"),
    "signed": gettext_lazy("Signed today"),
}

EMPTY: dict[str, Promise | str] = {
    "attention": gettext_lazy("Nothing needs attention."),
    "ready": gettext_lazy("Nothing is ready to be read."),
    "clear": gettext_lazy("No case is clear at the moment."),
    "all": gettext_lazy("Nothing waits to be read. New results appear here when you come back."),
    "mine": gettext_lazy("You hold no case, and nobody asked for your opinion."),
    "returned": gettext_lazy("Nothing is at the bench."),
    "overdue": gettext_lazy("Nothing is overdue."),
    "sign": gettext_lazy("Nothing waits for a signature."),
    "signed": gettext_lazy("Nothing was signed today."),
}


@dataclass(frozen=True)
class LaneTile(LinkTile):
    current: bool = False


def lane_tiles(user: User, *, among: QuerySet[Review], lane: str) -> list[LaneTile]:
    """Return the tiles: each a count that stops at a thousand."""
    counts = lane_counts(WORDS, user=user, among=among)
    return [
        LaneTile(
            number=capped(number),
            word=str(WORDS[code]),
            url=f"{reverse('worklist')}?lane={code}",
            kind="failed" if code == "overdue" and number else "",
            current=code == lane,
        )
        for code, number in counts.items()
    ]


def lane_word(lane: str) -> str:
    return str(WORDS.get(lane) or _("All cases"))


def capped(number: int) -> str:
    return f"{COUNTED - 1}+" if number >= COUNTED else str(number)


def news_line(user: User, *, among: QuerySet[Review], queue: Queue, opened: datetime | None) -> str:
    """Return "3 new since you opened", nothing where nothing came to this queue."""
    if opened is None or queue.lane in ("sign", "signed"):
        return ""
    rows = queue_reviews(queue, user=user, among=among).filter(in_lane_since__gt=opened)
    if not (number := capped_count(rows)):
        return ""
    words = ngettext("%(n)s new since you opened", "%(n)s new since you opened", number)
    return words % {"n": capped(number)}


def empty_line(queue: Queue, tiles: list[LaneTile]) -> str:
    """Return what an empty lane says: where there is something to do instead."""
    if replace(queue, lane="attention", order="") != Queue():
        return _("Nothing matches this filter.")
    line = str(EMPTY[queue.lane])
    ready = next((tile for tile in tiles if tile.url.endswith("=ready")), None)
    if queue.lane == "attention" and ready and ready.number != "0":
        return _("%(line)s %(n)s ready to be read.") % {"line": line, "n": ready.number}
    return line


def address(queue: Queue) -> str:
    """Return the worklist's address with this queue."""
    query = QueryDict(mutable=True)
    query.update(queue.said)
    return f"{reverse('worklist')}?{query.urlencode()}"
