"""The images that two versions name or call otherwise, as cards, what got worse first."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.comparing import Comparison, Flip
from hemaqueue.predictions.classes import ClassWords, class_words
from hemaqueue.web.paging import Pages, part_of
from hemaqueue.web.shown.judged import NOWHERE, Place, places_of
from hemaqueue.web.shown.numbers import score
from jobcontract.paired import CHANGES

AT_FIRST, AT_ONCE = 12, 120
ALONE = Pages()


@dataclass(frozen=True)
class FlipCard:
    """`url` is empty where the image is not here, or not for this person."""

    key: str
    url: str
    thumb: str
    heat: str
    label: ClassWords
    before: ClassWords
    before_sure: str
    now: ClassWords
    now_sure: str
    called: str
    alt: str


@dataclass(frozen=True)
class FlipGroup:
    change: str
    title: str
    count: int
    cards: list[FlipCard]
    more: str
    pages: Pages


def flip_groups(found: Comparison, *, query: QueryDict, at: str, user: User) -> list[FlipGroup]:
    """Return the flips by what changed; with a change asked for, a page of that one and no other.

    `at` is the address of the comparison.
    """
    alone = query.get("change", "")
    if alone in CHANGES:
        shown, pages = part_of(found.flipped(alone), query=query, size=AT_ONCE)
        groups = [_group(found, alone, shown=shown, pages=pages, user=user)]
    else:
        groups = [_beginning(found, change, at=at, user=user) for change in CHANGES]
    return [group for group in groups if group.count]


def _beginning(found: Comparison, change: str, *, at: str, user: User) -> FlipGroup:
    flips = found.flipped(change)
    more = f"{at}&change={change}" if len(flips) > AT_FIRST else ""
    return _group(found, change, shown=flips[:AT_FIRST], more=more, user=user)


def _group(
    found: Comparison,
    change: str,
    *,
    shown: list[Flip],
    more: str = "",
    pages: Pages = ALONE,
    user: User,
) -> FlipGroup:
    flips = found.flipped(change)
    titles = {
        "worse": ngettext("%(n)d got worse", "%(n)d got worse", len(flips)),
        "wrong_both": ngettext(
            "%(n)d wrong by both, in another way", "%(n)d wrong by both, in another way",
            len(flips),
        ),
        "called_otherwise": ngettext(
            "%(n)d of the same name, on the other side of the threshold",
            "%(n)d of the same name, on the other side of the threshold", len(flips),
        ),
        "better": ngettext("%(n)d got better", "%(n)d got better", len(flips)),
    }  # fmt: skip
    return FlipGroup(
        change=change,
        title=titles[change] % {"n": len(flips)},
        count=len(flips),
        cards=_cards(shown, user=user),
        more=more,
        pages=pages,
    )


def _cards(flips: list[Flip], *, user: User) -> list[FlipCard]:
    here = places_of([one.this.sha256 for one in flips], user=user)
    return [_card(one, place=here.get(one.this.sha256, NOWHERE)) for one in flips]


def _card(flip: Flip, *, place: Place) -> FlipCard:
    label, now, before = (
        class_words(code) for code in (flip.this.label, flip.this.named, flip.against.named)
    )
    return FlipCard(
        key=flip.this.sha256[:12],
        url=place.url,
        thumb=place.thumb,
        heat=reverse("evaluated_heatmap", args=[flip.this.pk]) if flip.this.rows else "",
        label=label,
        before=before,
        before_sure=score(flip.against.confidence),
        now=now,
        now_sure=score(flip.this.confidence),
        called=_("called malignant") if flip.this.called_malignant else _("called benign"),
        alt=_("%(label)s, named %(now)s by this one, %(before)s by the other")
        % {"label": label.name, "before": before.name, "now": now.name},
    )
