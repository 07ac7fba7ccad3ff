"""Why an image was read, and with what probability: hard cases are read, most easy ones are not.

Every case of the lanes "attention" and "ready" is read one by one, in whatever order. Of those
that would be clear a sample is drawn (`lanes.AUDITED`) and read; the others are confirmed together,
or opened by choice. Weighing each label by one over its probability (Horvitz and Thompson, JASA 47,
1952) gives what would be found if all were read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hemaqueue.reviews.lanes import AUDITED
from hemaqueue.reviews.models import ConfirmedLabel, Lane, Review
from hemaqueue.reviews.signals import Signal

if TYPE_CHECKING:
    from hemaqueue.specimens.models import SmearImage


class ReadBecause(StrEnum):
    """It was drawn; or the model was unsure, or found it strange; or all of its lane is read.

    What was chosen, or confirmed together with others, has no probability that anyone knows.
    """

    AUDIT = "audit"
    UNCERTAIN = "uncertain"
    OUT_OF_DISTRIBUTION = "out_of_distribution"
    LANE = "lane"
    CHOSEN = "chosen"
    TOGETHER = "together"


PROBABILITY: dict[str, float] = {
    ReadBecause.AUDIT: AUDITED,
    ReadBecause.UNCERTAIN: 1.0,
    ReadBecause.OUT_OF_DISTRIBUTION: 1.0,
    ReadBecause.LANE: 1.0,
}

UNSURE = {Signal.UNCERTAIN, Signal.BELOW_LIMIT}


def probability_of(because: str) -> float | None:
    """Return with what probability such an image is read, None where nobody knows."""
    return PROBABILITY.get(because)


def reading_begun(review: Review) -> None:
    """Keep why a locked case is read before the first word: each word may change its lane."""
    if not review.decided or not review.read_because:
        review.read_because = _because(review)
        Review.objects.filter(pk=review.pk).update(read_because=review.read_because)


def _because(review: Review) -> ReadBecause:
    """Say why a case is read that stands where it stands."""
    reasons = set(review.reasons)
    if review.in_audit_sample:
        return ReadBecause.AUDIT
    if review.lane == Lane.CLEAR:
        return ReadBecause.CHOSEN
    if Signal.OUT_OF_DISTRIBUTION in reasons:
        return ReadBecause.OUT_OF_DISTRIBUTION
    return ReadBecause.UNCERTAIN if reasons & UNSURE else ReadBecause.LANE


def image_read_because(image: SmearImage, *, review: Review) -> str:
    """Say why an image is read: what its first label says; all that came after signing is read."""
    labels = ConfirmedLabel.objects.filter(image=image).order_by("pk")
    first = labels.values_list("read_because", flat=True).first()
    if first is not None:
        return first
    return ReadBecause.LANE if review.revision > 1 else review.read_because
