"""Reading orders to score old images again: how far they are, and what flipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from hemaqueue.common.errors import Missing
from hemaqueue.evaluations.models import Rescore, RescoredImage
from hemaqueue.jobs.states import FINAL, JobState
from hemaqueue.reviews.models import Signature

FAILED = (JobState.FAILED, JobState.DEAD)
FLIPS_ORDER = ("-signed", "-sure", "-id")


@dataclass(frozen=True)
class RescoreCounts:
    """`late` came after another result; `flipped` are those of `done` that name another class."""

    total: int
    done: int
    failed: int
    late: int
    flipped: int
    flipped_signed: int

    @property
    def left(self) -> int:
        return max(0, self.total - self.done - self.failed - self.late)


def rescore_list() -> QuerySet[Rescore]:
    """Return the orders, the newest first."""
    related = ("model", "site", "former", "by", "cancelled_by")
    return Rescore.objects.select_related(*related).order_by("-at", "-pk")


def rescore_get(pk: UUID) -> Rescore:
    found = rescore_list().filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def rescore_counts(rescore: Rescore) -> RescoreCounts:
    """Count the images of an order in one query."""
    done, flipped = Q(after__isnull=False), _flipped()
    ended = Q(after=None, job__state__in=FINAL)
    found = _with_signed(rescore).aggregate(
        done=Count("pk", filter=done),
        failed=Count("pk", filter=Q(after=None, job__state__in=FAILED)),
        late=Count("pk", filter=ended & ~Q(job__state__in=FAILED)),
        flipped=Count("pk", filter=flipped),
        flipped_signed=Count("pk", filter=flipped & Q(signed=True)),
    )
    return RescoreCounts(total=rescore.total, **found)


def rescore_flips(rescore: Rescore) -> QuerySet[Any]:
    """Return the images that are named otherwise now: what is signed first, then the surest."""
    related = ("image__case", "before", "after")
    found = _with_signed(rescore).filter(_flipped()).annotate(sure=F("after__confidence"))
    return found.select_related(*related).order_by(*FLIPS_ORDER)


def _flipped() -> Q:
    return Q(after__isnull=False) & ~Q(after__label=F("before__label"))


def _with_signed(rescore: Rescore) -> QuerySet[Any]:
    signed = Signature.objects.filter(review__case=OuterRef("image__case"))
    return RescoredImage.objects.filter(rescore=rescore).annotate(signed=Exists(signed))
