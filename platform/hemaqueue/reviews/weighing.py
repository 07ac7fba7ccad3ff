"""How often readers and models agree, as if all had been read.

What was read one by one is weighed by one over the probability of being read (`reviews.sampling`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from hemaqueue.common.intervals import wilson
from hemaqueue.reviews.models import ConfirmedLabel, Origin
from hemaqueue.reviews.sampling import ReadBecause

AGREES = Q(label=F("predicted_label"))
WEIGHT = 1.0 / F("probability")

#: Of labels that agree or not: how often the reader named what the model had suggested.
AGREED = Count("pk", filter=AGREES)

#: Of those whose probability is known: what `Weighed` says.
WEIGHTS = {
    "drawn": Count("pk", filter=Q(read_because=ReadBecause.AUDIT)),
    "weight": Sum(WEIGHT, default=0.0),
    "weight_agreed": Sum(WEIGHT, filter=AGREES, default=0.0),
    "squares": Sum(WEIGHT * WEIGHT, default=0.0),
}


class Weighed(Protocol):
    """How many were drawn for the audit sample; the sum of their weights, of the weights of those
    that agree, and of the weights' squares.
    """

    @property
    def drawn(self) -> int: ...
    @property
    def weight(self) -> float: ...
    @property
    def weight_agreed(self) -> float: ...
    @property
    def squares(self) -> float: ...


@dataclass(frozen=True)
class Weighted:
    """The share of agreement if all had been read, with its 95 % interval.

    `worth` is of how many images read at random it is as sure (L. Kish, 1965).
    """

    share: float
    low: float
    high: float
    worth: int
    drawn: int


def weighted(found: Iterable[Weighed]) -> Weighted | None:
    """Return the share that corrects for hard cases being read and most easy ones not.

    The interval is Wilson's, of as many images as the weights are worth. None where no
    probability is known.
    """
    rows = list(found)
    whole, squares = sum(one.weight for one in rows), sum(one.squares for one in rows)
    if not whole:
        return None
    share, worth = sum(one.weight_agreed for one in rows) / whole, max(1, round(whole**2 / squares))
    low, high = wilson(share, n=worth)
    return Weighted(share, low, high, worth=worth, drawn=sum(one.drawn for one in rows))


def labels_that_agree_or_not(labels: QuerySet[ConfirmedLabel]) -> QuerySet[ConfirmedLabel]:
    """Return those of `labels` that tell whether a reader and a model agree.

    The newest label of an image counts. What was confirmed in bulk was not read one by one, so
    it says nothing about agreement and is left out.
    """
    newer = ConfirmedLabel.objects.filter(image=OuterRef("image"), pk__gt=OuterRef("pk"))
    standing = labels.filter(~Exists(newer), withdrawn_at=None)
    return standing.exclude(origin=Origin.BULK).exclude(predicted_label="")
