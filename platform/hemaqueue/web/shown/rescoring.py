"""Orders to score old images again: how far each is, and what is named otherwise now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.models import Rescore, RescoredImage
from hemaqueue.evaluations.rescored import RescoreCounts, rescore_counts
from hemaqueue.predictions.classes import ClassWords, class_words
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.numbers import score


@dataclass(frozen=True)
class RescoreShown:
    id: UUID
    url: str
    model: str
    model_url: str
    chosen: str
    reason: str
    by: str
    at: datetime
    chip: Chip
    live: bool
    counts: RescoreCounts
    line: str


@dataclass(frozen=True)
class RescoredCard:
    """`url` is empty where the image is not for this person to see."""

    url: str
    thumb: str
    case: str
    case_url: str
    signed: bool
    before: ClassWords
    before_sure: str
    now: ClassWords
    now_sure: str
    alt: str


def rescore_shown(rescore: Rescore) -> RescoreShown:
    counts = rescore_counts(rescore)
    return RescoreShown(
        id=rescore.pk,
        url=reverse("rescore", args=[rescore.pk]),
        model=rescore.model.name,
        model_url=reverse("model", args=[rescore.model_id]),
        chosen=_chosen(rescore),
        reason=rescore.reason,
        by=rescore.by.printed_name,
        at=rescore.at,
        chip=_chip(rescore),
        live=rescore.ended_at is None,
        counts=counts,
        line=_line(counts, live=rescore.ended_at is None),
    )


def _chosen(rescore: Rescore) -> str:
    parts = [rescore.site.name if rescore.site else _("All sites")]
    if rescore.former:
        parts.append(_("last scored by %(name)s") % {"name": rescore.former.name})
    if rescore.since:
        parts.append(_("from %(day)s") % {"day": date_format(rescore.since, "j F Y")})
    if rescore.until:
        parts.append(_("until %(day)s") % {"day": date_format(rescore.until, "j F Y")})
    return ", ".join(parts)


def _chip(rescore: Rescore) -> Chip:
    if rescore.ended_at is None:
        return Chip("working", "arrow-repeat", _("goes on"))
    if rescore.cancelled_by:
        return Chip("waiting", "slash-circle", _("called off"))
    if rescore.cancelled_at:
        return Chip("waiting", "slash-circle", _("another version serves"))
    return Chip("done", "check-circle", _("done"))


def _line(counts: RescoreCounts, *, live: bool) -> str:
    parts = [
        ngettext(
            "%(done)d of %(n)d image scored", "%(done)d of %(n)d images scored", counts.total
        ) % {"done": counts.done, "n": counts.total}
    ]  # fmt: skip
    if counts.failed:
        parts.append(_("%(n)d failed, the old result stays") % {"n": counts.failed})
    if counts.late:
        words = _("%(n)d left out: another result came first, or it was called off")
        parts.append(words % {"n": counts.late})
    if live and counts.left:
        parts.append(_("%(n)d left") % {"n": counts.left})
    return " · ".join(parts)


def rescored_cards(rows: Sequence[RescoredImage], *, user: User) -> list[RescoredCard]:
    """Return the cards of images that flipped; a picture opens where `user` may see its result."""
    visible = SmearImage.objects.visible_to(user).filter(pk__in=[row.image_id for row in rows])
    seen = set(images_revealed(visible, reader=user).values_list("pk", flat=True))
    return [_card(row, seen=row.image_id in seen) for row in rows]


def _card(row: Any, *, seen: bool) -> RescoredCard:
    before, now = class_words(row.before.label), class_words(row.after.label)
    return RescoredCard(
        url=reverse("image", args=[row.image_id]) if seen else "",
        thumb=reverse("image_thumbnail", args=[row.image_id]) if seen else "",
        case=row.image.case.accession if seen else "",
        case_url=reverse("case", args=[row.image.case_id]) if seen else "",
        signed=row.signed,
        before=before,
        before_sure=score(row.before.confidence),
        now=now,
        now_sure=score(row.after.confidence),
        alt=_("named %(before)s before, %(now)s now") % {"before": before.name, "now": now.name},
    )
