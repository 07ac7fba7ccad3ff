"""Taking back one's own last decision, for a few seconds: the image is as it was before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Now
from django.utils.dateparse import parse_datetime

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import PlatformError
from hemaqueue.common.prepared import Given, Prepared
from hemaqueue.reviews.claims import claim_hold, claim_of
from hemaqueue.reviews.models import ConfirmedLabel, Decision, Referral, Review
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.sorting import reviews_resort
from hemaqueue.reviews.states import SIGNED, review_settle

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import SmearImage

#: How long the offer stands on the page, and how long the server keeps it, for a slow network.
UNDO_SECONDS = 10
KEPT = timedelta(seconds=UNDO_SECONDS + 2)
REPLACED = ("choice", "label", "reason", "note", "seconds", "adjudicates")


class UndoExpired(PlatformError):
    """This can no longer be undone. Decide again instead; both stay on record."""

    code = "undo_expired"
    status = 410


def before(decision: Decision) -> dict[str, Any]:
    """Return what a decision says now, to be kept when it is replaced."""
    return {name: getattr(decision, name) for name in REPLACED} | {"at": decision.at.isoformat()}


def decision_undoable(user: User) -> Decision | None:
    """Return the decision that `user` may still take back, None where there is none."""
    newest = next(iter(_newest(reader=user.pk)), None)
    return newest if newest and newest.review.state not in SIGNED else None


def _recent(reader: User | Given) -> QuerySet[Decision]:
    """Return what `reader` said within the time for undo; what undo restored is not of these."""
    said = Decision.objects.filter(reader=reader, at__gt=Now() - KEPT)
    return said.exclude(previous={})


_newest: Prepared[Decision] = Prepared(
    lambda: (
        _recent(Given("reader", UUIDField())).select_related("review").order_by("-at", "-pk")[:1]
    )
)


@transaction.atomic
def decision_undo(image: SmearImage, *, stamp: str, by: User) -> None:
    """Take back the decision of `by` about `image`; what it replaced stands again.

    `stamp` is the image's stamp since that decision. The label it confirmed is withdrawn.

    Raises:
        NotAllowed: the reader's role at the image's site does not include deciding.
        UndoExpired: the time is over, somebody acted since, or the case is signed.
    """
    locked = Review.objects.select_for_update(of=("self",)).select_related("claimed_by")
    review = locked.filter(case=image.case_id).first()
    decision = _recent(by).filter(image=image).first()
    if decision is None:
        require(by, act=Act.DECIDE, site=image.site_id)
    if review is None or review.state in SIGNED or decision is None:
        raise UndoExpired
    if stamp != review_stamp(image):
        raise UndoExpired
    _withdraw_label(decision)
    _restore(decision)
    _reopen(review, decision=decision)
    review_settle(review)
    reviews_resort([image.case_id])
    audit_record(
        "image.undo",
        by=by,
        about=image,
        choice=decision.choice,
        label=decision.label,
        reason=decision.reason,
    )


def _withdraw_label(decision: Decision) -> None:
    """Withdraw the label that a decision confirmed; the one that stood before is said again.

    It needs saying: a withdrawn label does not bring back the one before (`training.material`).
    """
    labels = ConfirmedLabel.objects.filter(image=decision.image_id)
    found = list(labels.order_by("-at", "-pk")[:2])
    if not found or found[0].decision_id != decision.pk or found[0].at < decision.at:
        return
    ConfirmedLabel.objects.filter(pk=found[0].pk).update(withdrawn_at=Now())
    for stood in found[1:]:
        if stood.withdrawn_at is None:
            stood.pk, stood.at = None, Now()
            stood.save(force_insert=True)


def _reopen(review: Review, *, decision: Decision) -> None:
    """Give back what the decision closed: the reader's claim, and the opinion they were asked for.

    Whoever took the case since keeps it; an opinion given in words stays given, and a question
    asked anew stands instead of the old one.
    """
    if claim_of(review) is None:
        claim_hold(review, by=decision.reader)
    asked = Referral.objects.filter(review=review, to=decision.reader_id)
    if not asked.filter(answered_at=None).exists():
        closed = asked.filter(answered_at__gte=decision.at, taken_back=False, answer="")
        closed.update(answered_at=None)


def _restore(decision: Decision) -> None:
    """Write back what a decision replaced; one that replaced nothing is gone."""
    if decision.previous is None:
        decision.delete()
        return
    was = dict(decision.previous)
    at = parse_datetime(was.pop("at"))
    Decision.objects.filter(pk=decision.pk).update(
        version=decision.version + 1, previous={}, at=at, **was
    )
