"""Numbers about reading: what waits, how long cases take, how often readers agree with the model.

Each is one query over a window of days, so that it stays quick however many cases there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import site_ids, sites_allowing
from hemaqueue.common.intervals import wilson
from hemaqueue.reviews.models import (
    ConfirmedLabel,
    Decision,
    Lane,
    Origin,
    Review,
    ReviewState,
    Signature,
)
from hemaqueue.reviews.sampling import ReadBecause
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hemaqueue.accounts.models import User


AGREES = Q(label=F("predicted_label"))
WEIGHT = 1.0 / F("probability")

#: Of labels that agree or not: how often the reader named what the model had suggested.
AGREED = Count("pk", filter=AGREES)


class Quantile(Aggregate):
    """PostgreSQL's PERCENTILE_CONT: the value below which a share of all lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, *, share: float, **options: Any) -> None:
        super().__init__(expression, share=float(share), **options)


@dataclass(frozen=True)
class Waiting:
    """What a reader could take up now, at the sites where they decide."""

    lanes: dict[Lane, int]
    mine: int
    overdue: int
    to_sign: int
    oldest: datetime | None

    @property
    def open(self) -> int:
        return sum(self.lanes.values())


@dataclass(frozen=True)
class Turnaround:
    """From the first image of a case to its first signature; `day` is the signature's."""

    day: date | None
    cases: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True)
class Agreement:
    """Of `n` images read one by one, the model had suggested the reader's class in `agreed`.

    The rest is of those of them whose probability of being read is known (`reviews.sampling`):
    how many were `drawn` for the audit sample, the sum of one over the probability, of the same
    where they agree, and of its square.
    """

    model: str
    predicted: str
    n: int
    agreed: int
    drawn: int = 0
    weight: float = 0.0
    weight_agreed: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True)
class Weighted:
    """The share of agreement if all had been read, with its 95 % interval."""

    share: float
    low: float
    high: float
    drawn: int


def waiting_cases(user: User) -> Waiting:
    """Return the open cases by lane, those one has claimed, those overdue, and the oldest."""
    sites = sites_allowing(user, act=Act.DECIDE)
    here = Review.objects.filter(site__in=sites)
    to_read = here.filter(state=ReviewState.OPEN, at_bench=False)
    found = to_read.aggregate(
        **{lane.value: Count("pk", filter=Q(lane=lane)) for lane in Lane},
        mine=Count("pk", filter=Q(claimed_by=user, claimed_until__gt=timezone.now())),
        overdue=Count("pk", filter=Q(due_at__lt=timezone.now())),
        oldest=Min("opened_at"),
    )
    return Waiting(
        lanes={lane: found[lane.value] for lane in Lane},
        mine=found["mine"],
        overdue=found["overdue"],
        to_sign=here.filter(state=ReviewState.DECIDED).count(),
        oldest=found["oldest"],
    )


def _took(user: User, *, days: int) -> QuerySet[Signature, Any]:
    """Return the first signatures of the last days, each with the time its case took."""
    first = SmearImage.objects.filter(case=OuterRef("review__case"))
    arrived = Subquery(first.order_by("uploaded_at").values("uploaded_at")[:1])
    signed = Signature.objects.filter(
        review__site__in=site_ids(user), revision=1, at__gte=midnight() - timedelta(days=days - 1)
    )
    found: QuerySet[Signature, Any] = signed.annotate(
        took=ExpressionWrapper(F("at") - arrived, output_field=DurationField())
    ).filter(took__isnull=False)
    return found


def turnaround(user: User, *, days: int) -> Turnaround | None:
    """Return median and 90th percentile over the last days; None where nothing was signed."""
    found = _took(user, days=days).aggregate(
        cases=Count("pk"), median=Quantile("took", share=0.5), p90=Quantile("took", share=0.9)
    )
    return Turnaround(day=None, **found) if found["cases"] else None


def turnaround_by_day(user: User, *, days: int) -> list[Turnaround]:
    """Return the same for each day on which something was signed, the oldest first."""
    found = (
        _took(user, days=days)
        .annotate(day=TruncDate("at"))
        .values("day")
        .annotate(
            cases=Count("pk"), median=Quantile("took", share=0.5), p90=Quantile("took", share=0.9)
        )
    )
    return [Turnaround(**one) for one in found.order_by("day")]


def agreement(user: User, *, days: int) -> list[Agreement]:
    """Return by model version and suggested class how often readers named the same class."""
    since = midnight() - timedelta(days=days - 1)
    labels = labels_that_agree_or_not(ConfirmedLabel.objects.filter(at__gte=since))
    counted = (
        labels.filter(model__isnull=False, image__site__in=site_ids(user))
        .values("model__name", "predicted_label")
        .annotate(
            n=Count("pk"),
            agreed=AGREED,
            drawn=Count("pk", filter=Q(read_because=ReadBecause.AUDIT)),
            weight=Sum(WEIGHT, default=0.0),
            weight_agreed=Sum(WEIGHT, filter=AGREES, default=0.0),
            squares=Sum(WEIGHT * WEIGHT, default=0.0),
        )
    )
    return [
        Agreement(
            one["model__name"],
            one["predicted_label"],
            one["n"],
            one["agreed"],
            one["drawn"],
            one["weight"],
            one["weight_agreed"],
            one["squares"],
        )
        for one in counted.order_by("model__name", "predicted_label")
    ]


def weighted(found: Iterable[Agreement]) -> Weighted | None:
    """Return the share that corrects for hard cases being read and most easy ones not.

    The interval is Wilson's, of as many images as the weights are worth (L. Kish, 1965). None
    where no probability is known.
    """
    rows = list(found)
    whole, squares = sum(one.weight for one in rows), sum(one.squares for one in rows)
    if not whole:
        return None
    share = sum(one.weight_agreed for one in rows) / whole
    low, high = wilson(share, n=max(1, round(whole**2 / squares)))
    return Weighted(share, low, high, drawn=sum(one.drawn for one in rows))


def labels_that_agree_or_not(labels: QuerySet[ConfirmedLabel]) -> QuerySet[ConfirmedLabel]:
    """Return those of `labels` that tell whether a reader and a model agree.

    The newest label of an image counts. What was confirmed in bulk was not read one by one, so
    it says nothing about agreement and is left out.
    """
    newer = ConfirmedLabel.objects.filter(image=OuterRef("image"), pk__gt=OuterRef("pk"))
    standing = labels.filter(~Exists(newer), withdrawn_at=None)
    return standing.exclude(origin=Origin.BULK).exclude(predicted_label="")


def decided_today(user: User) -> int:
    """Return how many images one has decided since midnight."""
    return Decision.objects.filter(reader=user, at__gte=midnight()).count()


def signed_today(user: User) -> int:
    """Return how many revisions were signed since midnight at one's sites."""
    return Signature.objects.filter(review__site__in=site_ids(user), at__gte=midnight()).count()


def midnight() -> datetime:
    """Return when today began, where the reader is."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
