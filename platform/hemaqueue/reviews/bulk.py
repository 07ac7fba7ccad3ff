"""Confirming many images at once: of the clear lane only, and each one is looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.predictions.selectors import predictions_latest
from hemaqueue.reviews.claims import claim_end, claim_of
from hemaqueue.reviews.models import Choice, Decision, Lane, Origin, Review, ReviewState
from hemaqueue.reviews.queue import reviews_readable
from hemaqueue.reviews.sampling import ReadBecause
from hemaqueue.reviews.services import label_confirm
from hemaqueue.reviews.signals import signals_ordered
from hemaqueue.reviews.sorting import reviews_lock, reviews_resort
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.identity import Proof
    from hemaqueue.accounts.models import User
    from hemaqueue.predictions.models import Prediction

AT_MOST = 48


class TooMany(Refused):
    """Choose between one image and 48 of them."""

    code = "bad_selection"


@dataclass(frozen=True)
class RefusedImage:
    """One that was not confirmed. `reasons` are those that took it out of the clear lane."""

    image: UUID
    code: str
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Confirmed:
    images: list[UUID]
    refused: list[RefusedImage]


@transaction.atomic
def images_confirm(images: Sequence[UUID], *, proof: Proof) -> Confirmed:
    """Confirm what was suggested for each image whose case is clear at this very moment.

    The lanes are derived again under lock. An image that may not be read, or does not exist, is
    refused as `not_found`. Labels that come of this are marked: they never reach a test set.

    Raises:
        TooMany: none was chosen, or too many.
    """
    by, wanted = proof.user, list(dict.fromkeys(images))
    if not 0 < len(wanted) <= AT_MOST:
        raise TooMany
    mine = reviews_readable(by).values("pk")
    found = SmearImage.objects.filter(pk__in=wanted, case__review__in=mine)
    known = {one.pk: one for one in found}
    reviews = _derived_again({one.case_id for one in known.values()})
    said = predictions_latest(known)
    decided = set(Decision.objects.filter(image__in=known).values_list("image", flat=True))
    refused = [
        refusal
        for pk in wanted
        if (refusal := _objection(pk, known.get(pk), reviews, decided=decided, by=by))
    ]
    taken = [known[pk] for pk in wanted if pk not in {one.image for one in refused}]
    for image in taken:
        _decide(image, review=reviews[image.case_id], prediction=said[image.pk], by=by)
    _settle({image.case_id for image in taken})
    audit_record("images.confirm", by=by, confirmed=len(taken), refused=len(refused))
    return Confirmed([one.pk for one in taken], refused)


def _derived_again(cases: set[UUID]) -> dict[UUID, Review]:
    """Return the reviews of these cases, locked, where they stand now."""
    reviews_lock(cases)
    reviews_resort(cases)
    locked = Review.objects.filter(case__in=cases).select_related("claimed_by", "case")
    return {one.case_id: one for one in locked}


def _objection(
    pk: UUID,
    image: SmearImage | None,
    reviews: dict[UUID, Review],
    *,
    decided: set[UUID],
    by: User,
) -> RefusedImage | None:
    """Return why an image is not confirmed with the others, None where it is."""
    if image is None:
        return RefusedImage(pk, "not_found")
    review = reviews[image.case_id]
    claim = claim_of(review)
    if image.withdrawn_at or pk in decided or review.state != ReviewState.OPEN:
        return RefusedImage(pk, "decided")
    if review.lane != Lane.CLEAR:
        return RefusedImage(pk, "not_clear", signals_ordered(set(review.reasons)))
    if claim and claim.holder != by:
        return RefusedImage(pk, "claimed")
    return None


def _decide(image: SmearImage, *, review: Review, prediction: Prediction, by: User) -> None:
    decision = Decision.objects.create(
        review=review, image=image, reader=by, choice=Choice.LABEL, label=prediction.label
    )
    label_confirm(decision, prediction, origin=Origin.BULK, because=ReadBecause.TOGETHER)
    audit_record(
        "image.decide",
        by=by,
        about=image,
        choice=Choice.LABEL.value,
        label=prediction.label,
        predicted=prediction.label,
        model=str(prediction.model_id),
        bulk=True,
    )


def _settle(cases: set[UUID]) -> None:
    """Sort the cases anew; one that is read is held by nobody any more."""
    by_state: dict[str, list[Review]] = defaultdict(list)
    reviews_resort(cases)
    for review in Review.objects.filter(case__in=cases).select_related("claimed_by"):
        by_state[review.state].append(review)
    for review in by_state[ReviewState.DECIDED]:
        claim_end(review)
