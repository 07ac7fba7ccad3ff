"""A second opinion: a colleague is asked by name, reads the same case, and the referral closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act, roles_allowing
from hemaqueue.accounts.selectors import may, require, sites_allowing
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Missing, Refused
from hemaqueue.reviews.claims import claim_end
from hemaqueue.reviews.models import Decision, Referral
from hemaqueue.reviews.sorting import reviews_resort
from hemaqueue.reviews.states import review_lock_open
from hemaqueue.specimens.selectors import case_images
from hemaqueue.specimens.services import case_share

if TYPE_CHECKING:
    from hemaqueue.reviews.models import Review
    from hemaqueue.specimens.models import Case

LONGEST_NOTE = 1000


class ReferralUnexplained(Refused):
    """Say what your colleague should look at, in at most 1,000 characters."""

    code = "note_required"


class NoReader(Refused):
    """Nobody of this user name reads cases. Check it with them."""

    code = "unknown_colleague"


class AlreadyReferred(Conflict):
    """This colleague has been asked already, and has not answered yet."""

    code = "already_referred"


class NotReferred(Conflict):
    """This second opinion is not awaited any more."""

    code = "not_referred"


def readers_of_site(case: Case, *, besides: User) -> QuerySet[User]:
    """Return the clinicians of the case's site whom `besides` could ask."""
    reading = User.objects.filter(
        is_active=True,
        memberships__site=case.site_id,
        memberships__role__in=roles_allowing(Act.DECIDE),
    )
    return reading.exclude(pk=besides.pk).order_by("last_name", "username")


def reader_named(username: str, *, besides: User) -> User:
    """Return the clinician of any site with this user name.

    Raises:
        NoReader: there is none, or it is `besides`.
    """
    found = User.objects.filter(username=username.strip(), is_active=True).exclude(pk=besides.pk)
    reader = found.first()
    if reader is None or not sites_allowing(reader, act=Act.DECIDE):
        raise NoReader
    return reader


def referrals_of(case: Case) -> QuerySet[Referral]:
    """Return every second opinion that was asked for about a case, the newest first."""
    found: QuerySet[Referral] = Referral.objects.filter(review__case=case)
    return found.select_related("by", "to").order_by("-at")


def referrals_awaited(case: Case) -> QuerySet[Referral]:
    return referrals_of(case).filter(answered_at=None)


def referrals_to(user: User) -> QuerySet[Referral]:
    """Return the second opinions that `user` still owes, the oldest first."""
    visible: QuerySet[Referral] = Referral.objects.visible_to(user)
    owed = visible.filter(to=user, answered_at=None)
    return owed.select_related("by", "review__case__site").order_by("at")


def referral_get(user: User, pk: int) -> Referral:
    """Return one referral about a case that `user` may see. Raises Missing."""
    visible: QuerySet[Referral] = Referral.objects.visible_to(user)
    found = visible.filter(pk=pk).select_related("review__case", "by", "to").first()
    if found is None:
        raise Missing
    return found


@transaction.atomic
def referral_open(case: Case, *, to: User, note: str, by: User) -> Referral:
    """Ask a colleague for a second opinion. One of another site is shown the case for it.

    Raises:
        NotAllowed: the role of `by` at the case's site does not include deciding.
        ReferralUnexplained, NoReader: there is no note, or `to` reads nowhere.
        AlreadySigned, AlreadyReferred: there is nothing to ask any more, or again.
    """
    require(by, act=Act.DECIDE, site=case.site_id)
    words = note.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise ReferralUnexplained
    reader = reader_named(to.username, besides=by)
    review = review_lock_open(case)
    claim_end(review)  # the colleague is the next to read
    if Referral.objects.filter(review=review, to=reader, answered_at=None).exists():
        raise AlreadyReferred
    if not may(reader, act=Act.DECIDE, site=case.site_id):
        case_share(case, colleague=reader, by=by)
    referral = Referral.objects.create(review=review, by=by, to=reader, note=words)
    audit_record("case.refer", by=by, about=case, to=str(reader.pk))
    reviews_resort([case.pk])
    return referral


@transaction.atomic
def referral_answer(referral: Referral, *, answer: str, by: User) -> None:
    """Close a second opinion with a word: decisions on some images may be all it took.

    Raises:
        Missing: somebody else was asked.
        NotReferred: it is closed already.
        AlreadySigned: the case is signed.
    """
    if referral.to_id != by.pk:
        raise Missing
    review = review_lock_open(referral.review.case)
    _close(referral, review=review, by=by, answer=answer.strip()[:LONGEST_NOTE])


@transaction.atomic
def referral_take_back(referral: Referral, *, by: User) -> None:
    """End a second opinion that is not needed any more.

    Raises:
        NotAllowed: the role of `by` at the case's site does not include deciding.
        NotReferred: it is closed already.
        AlreadySigned: the case is signed.
    """
    case = referral.review.case
    require(by, act=Act.DECIDE, site=case.site_id)
    _close(referral, review=review_lock_open(case), by=by, taken_back=True)


def referral_heard(review: Review, *, by: User) -> None:
    """Close the second opinion of `by` once they have decided about every image since."""
    asked = Referral.objects.filter(review=review, to=by, answered_at=None).first()
    if asked is None:
        return
    said = Decision.objects.filter(review=review, reader=by, at__gte=asked.at)
    if not case_images(review.case).exclude(pk__in=said.values("image")).exists():
        _close(asked, review=review, by=by)


def _close(
    referral: Referral, *, review: Review, by: User, answer: str = "", taken_back: bool = False
) -> None:
    closed = Referral.objects.filter(pk=referral.pk, answered_at=None).update(
        answered_at=Now(), answer=answer, taken_back=taken_back
    )
    if not closed:
        raise NotReferred
    action = "referral.take_back" if taken_back else "referral.answer"
    audit_record(action, by=by, about=review.case, referral=referral.pk)
    reviews_resort([review.case_id])
