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
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import site_ids, sites_allowing
from hemaqueue.reviews.models import (
    ConfirmedLabel,
    Decision,
    Lane,
    Review,
    ReviewState,
    Signature,
)
from hemaqueue.reviews.weighing import AGREED, WEIGHTS, labels_that_agree_or_not
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


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

    The rest is of those of them whose probability of being read is known: see `Weighed`.
    """

    model: str
    predicted: str
    n: int
    agreed: int
    drawn: int = 0
    weight: float = 0.0
    weight_agreed: float = 0.0
    squares: float = 0.0


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
            **WEIGHTS,
        )
    )
    rows = counted.order_by("model__name", "predicted_label").values_list(
        "model__name", "predicted_label", "n", "agreed", "drawn", "weight", "weight_agreed",
        "squares",
    )  # fmt: skip
    return [Agreement(*row) for row in rows]


def decided_today(user: User) -> int:
    """Return how many images one has decided since midnight."""
    return Decision.objects.filter(reader=user, at__gte=midnight()).count()


def signed_today(user: User) -> int:
    """Return how many revisions were signed since midnight at one's sites."""
    return Signature.objects.filter(review__site__in=site_ids(user), at__gte=midnight()).count()


def midnight() -> datetime:
    """Return when today began, where the reader is."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
