"""A case's signature in words: who, when, what it means; or what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.reviews.blockers import Blocker, signing_blockers
from hemaqueue.reviews.models import Amendment, Decision, Signature
from hemaqueue.reviews.selectors import (
    amendment_open,
    decisions_latest,
    signature_standing,
    signatures_of,
)
from hemaqueue.specimens.models import Case
from hemaqueue.specimens.selectors import case_images
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.decisions import DecisionShown, decision_shown


@dataclass(frozen=True)
class SignatureShown:
    name: str
    meaning: str
    at: datetime
    revision: str
    sha256: str
    reason: str


@dataclass(frozen=True)
class BlockerShown:
    word: str
    url: str


@dataclass(frozen=True)
class SigningShown:
    """`sign_url` is empty for who may not sign, and while something stands in the way."""

    chip: Chip
    sentence: str
    standing: SignatureShown | None
    former: list[SignatureShown]
    blockers: list[BlockerShown]
    may_sign: bool
    sign_url: str
    amend_url: str


@dataclass(frozen=True)
class ImageLine:
    """One image as the signing page lists it: what it is read as now."""

    number: int
    thumb: str
    url: str
    decision: DecisionShown | None


def signing_shown(case: Case, *, user: User) -> SigningShown:
    standing = signature_standing(case)
    blockers = [] if standing else signing_blockers(case)
    allowed = may(user, act=Act.SIGN, site=case.site_id)
    former = [one for one in signatures_of(case) if one != standing]
    return SigningShown(
        chip=_chip(standing, blockers),
        sentence=_sentence(amendment_open(case)),
        standing=signature_shown(standing) if standing else None,
        former=[signature_shown(one) for one in former],
        blockers=[blocker_shown(one) for one in blockers],
        may_sign=allowed,
        sign_url=_url("case_sign", case, when=allowed and not standing and not blockers),
        amend_url=_url("case_amend", case, when=allowed and standing is not None),
    )


def _url(name: str, case: Case, *, when: bool) -> str:
    return reverse(name, args=[case.pk]) if when else ""


def _chip(standing: Signature | None, blockers: list[Blocker]) -> Chip:
    if standing:
        word = _("amended") if standing.revision > 1 else _("signed")
        return Chip("done", "shield-check", word)
    if blockers:
        return Chip("waiting", "circle", _("not signed"))
    return Chip("attention", "exclamation-diamond", _("ready to sign"))


def _sentence(amendment: Amendment | None) -> str:
    if amendment is None:
        return ""
    by = amendment.by.printed_name if amendment.by else _("the system")
    return _("Opened again by %(by)s: %(reason)s") % {"by": by, "reason": amendment.reason}


def signature_shown(signature: Signature) -> SignatureShown:
    return SignatureShown(
        name=signature.printed_name,
        meaning=str(signature.get_meaning_display()),
        at=signature.at,
        revision=_("revision %(n)d") % {"n": signature.revision},
        sha256=signature.content_sha256,
        reason=signature.reason,
    )


def blocker_shown(blocker: Blocker) -> BlockerShown:
    words = {
        "at_bench": _("image %(n)d is at the bench"),
        "held": _("image %(n)d is held until its sender says whether to use it"),
        "working": _("image %(n)d is still being worked on"),
        "undecided": _("image %(n)d is not decided"),
        "disagreement": _("readers disagree about image %(n)d"),
        "uncertain": _("image %(n)d is uncertain"),
        "second_read": _("image %(n)d waits for its second reader"),
        "referred": _("the second opinion of %(name)s is awaited"),
        "no_images": _("the case has no images"),
    }
    page = "image_settle" if blocker.code == "disagreement" else "image"
    url = reverse(page, args=[blocker.image]) if blocker.image else ""
    facts = {"n": blocker.number, "name": blocker.name}
    return BlockerShown(words[blocker.code] % facts, url)


def image_lines(case: Case) -> list[ImageLine]:
    """Return every image of a case with the decision that will be signed."""
    images = list(case_images(case).values_list("pk", flat=True))
    newest = decisions_latest(images)
    return [_line(number, pk, newest=newest) for number, pk in enumerate(images, start=1)]


def _line(number: int, pk: UUID, *, newest: dict[UUID, Decision]) -> ImageLine:
    decision = newest.get(pk)
    return ImageLine(
        number=number,
        thumb=reverse("image_thumbnail", args=[pk]),
        url=reverse("image", args=[pk]),
        decision=decision_shown(decision) if decision else None,
    )
