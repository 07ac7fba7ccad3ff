"""Many images on one screen, under the classes that were suggested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import Missing
from hemaqueue.predictions.classes import CLASSES, class_words
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.first_reads import predictions_shown
from hemaqueue.reviews.models import Decision, Lane, Review, ReviewState
from hemaqueue.reviews.queue import reviews_readable
from hemaqueue.reviews.reading import words_shown
from hemaqueue.reviews.selectors import WORK_ORDER, Word
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.decisions import decision_word
from hemaqueue.web.shown.flags import codes_of, flag_chips
from hemaqueue.web.shown.numbers import band, score

CARDS = 24
#: The order within a page: cases as in the worklist, images as they came.
ORDER = (*(f"case__review__{name}" for name in WORK_ORDER), "uploaded_at", "id")


@dataclass(frozen=True)
class Wanted:
    """Which images: of the clear lane, of a case, or of a batch."""

    lane: str = ""
    case: str = ""
    batch: str = ""

    @property
    def query(self) -> str:
        return next(f"{name}={value}" for name, value in vars(self).items() if value)


@dataclass(frozen=True)
class Card:
    """`group` is the class under which it stands, empty where none is known to the reader."""

    id: UUID
    url: str
    address: str
    thumb: str
    alt: str
    accession: str
    group: str
    line: str
    decided: str
    selectable: bool
    flags: list[Chip]


@dataclass(frozen=True)
class Group:
    code: str
    css: str
    word: str
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True)
class Gallery:
    """`why_not` says what keeps the button of the clear lane disabled."""

    title: str
    groups: list[Group]
    shown: int
    confirmable: int
    why_not: str
    query: str
    more: str


def wanted_of(query: dict[str, str]) -> Wanted:
    """Read the query string; without one it is the clear lane. Raises Missing for nonsense."""
    given = {name: query[name] for name in ("case", "batch") if query.get(name)}
    try:
        found = {name: str(UUID(value)) for name, value in given.items()}
    except ValueError:
        raise Missing from None
    if query.get("lane", Lane.CLEAR) != Lane.CLEAR or len(found) > 1:
        raise Missing
    return Wanted(**found) if found else Wanted(lane=Lane.CLEAR)


def gallery_images(wanted: Wanted, *, user: User) -> QuerySet[SmearImage]:
    """Return the images of a gallery in their order, of cases that `user` may decide about."""
    mine = reviews_readable(user)
    live: QuerySet[SmearImage] = SmearImage.objects.filter(withdrawn_at=None)
    if wanted.lane:
        clear = mine.filter(lane=Lane.CLEAR, state=ReviewState.OPEN)
        read = Decision.objects.filter(image=OuterRef("pk"))
        found = live.filter(~Exists(read), case__review__in=clear.values("pk"))
    else:
        place = Q(case=wanted.case) if wanted.case else Q(batch=wanted.batch)
        found = live.filter(place, case__review__in=mine.values("pk"))
    return found.select_related("case__review").order_by(*ORDER)


def gallery_shown(wanted: Wanted, *, user: User, start: int = 0) -> Gallery:
    """Return one screen of a gallery, from its `start`-th image."""
    images = list(gallery_images(wanted, user=user)[start : start + CARDS + 1])
    cards = cards_of(images[:CARDS], user=user)
    groups = [
        Group(code, class_words(code).css, str(class_words(code).name)) for code in CLASSES
    ] + [Group("", "", _("no suggestion"))]
    by_code = {group.code: group for group in groups}
    for card in cards:
        by_code[card.group].cards.append(card)
    open_ones = sum(card.selectable for card in cards)
    more = f"{wanted.query}&from={start + CARDS}" if len(images) > CARDS else ""
    return Gallery(
        title=_title(wanted, images),
        groups=[group for group in groups if group.cards or group.code],
        shown=len(cards),
        confirmable=open_ones,
        why_not="" if open_ones else _why_not(cards),
        query=wanted.query,
        more=more,
    )


def cards_of(images: Sequence[SmearImage], *, user: User) -> list[Card]:
    """Return the cards of these images: three queries for all of them."""
    ids = [image.pk for image in images]
    said, decided = predictions_shown(ids, reader=user), words_shown(ids, reader=user)
    return [_card(one, said=said.get(one.pk), decision=decided.get(one.pk)) for one in images]


def _card(image: SmearImage, *, said: Prediction | None, decision: Word | None) -> Card:
    review: Review = image.case.review
    label = decision.label if decision else said.label if said else ""
    clear = review.lane == Lane.CLEAR and review.state == ReviewState.OPEN
    return Card(
        id=image.pk,
        url=reverse("image", args=[image.pk]),
        address=reverse("gallery_card", args=[image.pk]),
        thumb=reverse("image_thumbnail", args=[image.pk]),
        alt=_("Smear image of case %s") % image.case.accession,
        accession=image.case.accession,
        group=label,
        line=f"{band(said.confidence)} · {score(said.confidence)}" if said else "",
        decided=decision_word(decision) if decision else "",
        selectable=bool(clear and said and not decision),
        flags=flag_chips(codes_of(image.quality_flags, said.flags if said else ()))[:2],
    )


def _title(wanted: Wanted, images: Sequence[SmearImage]) -> str:
    if wanted.lane:
        return _("Clear cases, image by image")
    if wanted.case and images:
        return _("Images of %s") % images[0].case.accession
    return _("Images of a batch") if wanted.batch else _("Images of a case")


def _why_not(cards: Sequence[Card]) -> str:
    if not cards:
        return ""
    flagged = sum(bool(card.flags) for card in cards)
    decided = sum(bool(card.decided) for card in cards)
    return _(
        "Only images of the clear lane are confirmed together. Here %(flagged)d carry signals "
        "and %(decided)d are decided; open them one by one."
    ) % {"flagged": flagged, "decided": decided}
