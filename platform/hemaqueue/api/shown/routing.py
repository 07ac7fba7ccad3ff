"""Second opinions and returns in the words of the interface."""

from __future__ import annotations

from hemaqueue.api.answers import ReferralAnswer, ReturnAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.reviews.models import Referral, Return


def referral_shown(one: Referral) -> ReferralAnswer:
    closed = "taken_back" if one.taken_back else "answered"
    return ReferralAnswer(
        id=one.pk,
        case=link("case", one.review.case_id),
        by=one.by.username,
        to=one.to.username,
        at=one.at,
        note=one.note,
        state=closed if one.answered_at else "awaited",
        answer=one.answer,
    )


def return_shown(one: Return) -> ReturnAnswer:
    answered = "replaced" if one.replacement_id else "answered"
    return ReturnAnswer(
        image=link("image", one.image_id),
        by=one.by.username,
        at=one.at,
        reason=one.reason,
        note=one.note,
        state=answered if one.settled_at else "at_bench",
        answer=one.answer,
        replacement=link("image", one.replacement_id) if one.replacement_id else None,
    )
