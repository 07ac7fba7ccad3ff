"""What was passed on to whom: lines for the pages of second opinions and of the bench."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.reviews.models import Referral, Return
from hemaqueue.reviews.referring import referrals_of
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_images


@dataclass(frozen=True)
class CaseLine:
    accession: str
    url: str


@dataclass(frozen=True)
class ImageLine:
    """`word` is the place of the image in its case."""

    accession: str
    case_url: str
    url: str
    picture: str
    word: str


@dataclass(frozen=True)
class ReferralShown:
    """`answer_url` is there for who was asked, `end_url` for who may take it back."""

    by: str
    to: str
    at: datetime
    note: str
    state: str
    answer: str
    answer_url: str
    end_url: str


@dataclass(frozen=True)
class ReturnShown:
    by: str
    at: datetime
    reason: str
    note: str


def case_line(case: Case) -> CaseLine:
    return CaseLine(case.accession, reverse("case", args=[case.pk]))


def image_line(image: SmearImage) -> ImageLine:
    ids = list(case_images(image.case).values_list("pk", flat=True))
    place = {"n": ids.index(image.pk) + 1 if image.pk in ids else 0, "of": len(ids)}
    return ImageLine(
        accession=image.case.accession,
        case_url=reverse("case", args=[image.case_id]),
        url=reverse("image", args=[image.pk]),
        picture=reverse("image_picture", args=[image.pk]),
        word=_("image %(n)d of %(of)d") % place,
    )


def referrals_shown(case: Case, *, user: User) -> list[ReferralShown]:
    decides = may(user, act=Act.DECIDE, site=case.site_id)
    return [_referral(one, user=user, decides=decides) for one in referrals_of(case)]


def return_shown(returned: Return) -> ReturnShown:
    reason = str(returned.get_reason_display())
    return ReturnShown(returned.by.printed_name, returned.at, reason, returned.note)


def _referral(one: Referral, *, user: User, decides: bool) -> ReferralShown:
    awaited = one.answered_at is None
    mine = awaited and one.to_id == user.pk
    return ReferralShown(
        by=one.by.printed_name,
        to=one.to.printed_name,
        at=one.at,
        note=one.note,
        state=_("awaited") if awaited else _("taken back") if one.taken_back else _("answered"),
        answer=one.answer,
        answer_url=reverse("referral_answer", args=[one.pk]) if mine else "",
        end_url=reverse("referral_end", args=[one.pk]) if awaited and decides else "",
    )
