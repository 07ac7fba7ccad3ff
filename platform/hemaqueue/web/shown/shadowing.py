"""Shadows as their pages show them: agreement with what serves, with what was signed, and flips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.common.intervals import wilson
from hemaqueue.evaluations.models import Shadow
from hemaqueue.evaluations.shadowed import Agreement, shadow_agreement
from hemaqueue.predictions.classes import ClassWords, class_words, classes_ordered
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.numbers import percent, score


@dataclass(frozen=True)
class ShadowShown:
    id: UUID
    url: str
    model: str
    model_url: str
    where: str
    reason: str
    by: str
    at: datetime
    chip: Chip
    live: bool
    line: str
    agreement: str
    signed: list[tuple[str, str]]
    test: str
    classes: list[ClassWords]
    pairs: list[tuple[ClassWords, list[tuple[int, bool]]]]
    flips: int


@dataclass(frozen=True)
class ShadowCard:
    """`url` is empty where the image is not for this person to see."""

    url: str
    thumb: str
    serving: ClassWords
    serving_sure: str
    shadow: ClassWords
    shadow_sure: str
    signed: ClassWords | None
    alt: str


def shadow_shown(shadow: Shadow) -> ShadowShown:
    found = shadow_agreement(shadow)
    codes = classes_ordered({code for pair in found.pairs for code in pair})
    return ShadowShown(
        id=shadow.pk,
        url=reverse("shadow", args=[shadow.pk]),
        model=shadow.model.name,
        model_url=reverse("model", args=[shadow.model_id]),
        where=_("%(n)d %% of %(where)s")
        % {"n": shadow.percent, "where": shadow.site.name if shadow.site else _("all sites")},
        reason=shadow.reason,
        by=shadow.by.printed_name,
        at=shadow.at,
        chip=_chip(shadow),
        live=shadow.ended_at is None,
        line=_line(found),
        agreement=_share(found.agreed, found.answered),
        signed=_signed(found),
        test=_test(found),
        classes=[class_words(code) for code in codes],
        pairs=[
            (class_words(one), [(found.pairs.get((one, two), 0), one == two) for two in codes])
            for one in codes
        ],
        flips=found.answered - found.agreed,
    )


def _chip(shadow: Shadow) -> Chip:
    if shadow.ended_at is None:
        return Chip("working", "eye", _("being tried"))
    if shadow.ended_by:
        return Chip("waiting", "slash-circle", _("stopped"))
    return Chip("done", "check-circle", _("decided about"))


def _line(found: Agreement) -> str:
    parts = [ngettext("%(n)d image", "%(n)d images", found.answered) % {"n": found.answered}]
    if found.waiting:
        parts.append(_("%(n)d on their way") % {"n": found.waiting})
    if found.failed:
        parts.append(_("%(n)d failed") % {"n": found.failed})
    return " · ".join(parts)


def _share(count: int, of: int) -> str:
    if not of:
        return "–"
    low, high = wilson(count / of, n=of)
    return f"{percent(count / of)} [{percent(low)}, {percent(high)}]"


def _signed(found: Agreement) -> list[tuple[str, str]]:
    """Return what is right of images whose case is signed, for both; nothing while none is."""
    if not found.signed:
        return []
    return [
        (_("This version names what was signed"), _share(found.shadow_right, found.signed)),
        (_("The serving version names what was signed"), _share(found.serving_right, found.signed)),
        (_("Images of signed cases"), str(found.signed)),
    ]


def _test(found: Agreement) -> str:
    if not found.signed:
        return ""
    test = found.test
    p = "< 0.001" if test.p < 0.001 else f"= {number_format(round(test.p, 3), 3)}"
    words = {"here": test.only_this_right, "there": test.only_against_right, "p": p}
    return (
        _(
            "Named rightly by this version alone: %(here)d. By the other alone: %(there)d. "
            "McNemar's exact test: p %(p)s."
        )
        % words
    )


def shadow_cards(rows: Sequence[Any], *, user: User) -> list[ShadowCard]:
    """Return the cards of flips; a picture opens where `user` may see its result."""
    visible = SmearImage.objects.visible_to(user).filter(pk__in=[r.beside.image_id for r in rows])
    seen = set(images_revealed(visible, reader=user).values_list("pk", flat=True))
    return [_card(row, seen=row.beside.image_id in seen) for row in rows]


def _card(row: Any, *, seen: bool) -> ShadowCard:
    serving, shadow = class_words(row.beside.label), class_words(row.label)
    words = {"serving": serving.name, "shadow": shadow.name}
    return ShadowCard(
        url=reverse("image", args=[row.beside.image_id]) if seen else "",
        thumb=reverse("image_thumbnail", args=[row.beside.image_id]) if seen else "",
        serving=serving,
        serving_sure=score(row.beside.confidence),
        shadow=shadow,
        shadow_sure=score(row.confidence),
        signed=class_words(row.truth) if row.truth else None,
        alt=_("named %(serving)s by what serves, %(shadow)s by the version tried") % words,
    )
