"""Counting what versions do, week by week: once for each, when the week is over.

It changes nothing and trains nothing: a week that is otherwise than the baseline is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    Avg,
    Case,
    Count,
    DateTimeField,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    StdDev,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from hemaqueue.evaluations.models import LiveWeek
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion
from hemaqueue.registry.selectors import model_classes
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.reviews.weighing import AGREED, WEIGHTS, labels_that_agree_or_not

WEEK = timedelta(weeks=1)
WEEKS_BACK = 26  # of an installation that ran before it counted


@transaction.atomic
def week_count() -> LiveWeek | None:
    """Count one week that is over and was not counted yet, the oldest first; None if there is none.

    Of two dispatchers one counts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('live weeks'))")
        if not cursor.fetchone()[0]:
            return None
    due = min(weeks_due(), key=lambda one: one[1], default=None)
    if due is None:
        return None
    version, begins = due
    return LiveWeek.objects.create(
        model=version, begins=begins, **_said(version, begins), **_agreed(version, begins)
    )


def weeks_due() -> Iterator[tuple[ModelVersion, date]]:
    """Yield the weeks in which a version served that are over and not counted."""
    this = monday(timezone.localdate())
    oldest = this - WEEKS_BACK * WEEK
    counted = set(LiveWeek.objects.filter(begins__gte=oldest).values_list("model", "begins"))
    for version in versions_served():
        begins, last = (monday(timezone.localdate(at)) for at in (version.began, version.until))
        for one in _weeks(max(oldest, begins), until=min(this, last + WEEK)):
            if (version.pk, one) not in counted:
                yield version, one


def _weeks(begins: date, *, until: date) -> Iterator[date]:
    while begins < until:
        yield begins
        begins += WEEK


def versions_served() -> QuerySet[Any]:
    """Return what serves or served, with when it `began` and `until` when it serves."""
    last = Activation.objects.filter(former=OuterRef("pk")).order_by().values("former")
    ended = Subquery(last.values(at=Max("at"))[:1], output_field=DateTimeField())
    served = ModelVersion.objects.filter(status__in=(ModelStatus.SERVING, ModelStatus.RETIRED))
    return served.annotate(
        began=Coalesce(Min("activations__at"), F("created_at")),
        until=Coalesce(Case(When(status=ModelStatus.RETIRED, then=ended)), Now()),
    )


def monday(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _span(begins: date) -> tuple[datetime, datetime]:
    first, last = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (begins, begins + WEEK)
    )
    return first, last


def _said(version: ModelVersion, begins: date) -> dict[str, object]:
    """Count the week's new results, read along `prediction_by_label`: an index for each class.

    Old images that were scored anew are no part of what comes in.
    """
    since, until = _span(begins)
    said = Prediction.objects.filter(
        model=version,
        label__in=model_classes(version),
        created_at__gte=since,
        created_at__lt=until,
        image__withdrawn_at=None,
        rescored_from=None,
    ).order_by()
    named = said.values_list("label").annotate(n=Count("pk"))
    figures = said.aggregate(
        images=Count("pk"),
        spread=StdDev("confidence"),  # before the mean, which then bears the column's name
        confidence=Avg("confidence"),
        uncertain=Count("pk", filter=Q(flags__contains=["uncertain"])),
        strange=Count("pk", filter=Q(flags__contains=["out_of_distribution"])),
        poor=Count("pk", filter=~Q(image__quality_flags=[])),
    )
    return figures | {"named": dict(named)}


def _agreed(version: ModelVersion, begins: date) -> dict[str, float]:
    since, until = _span(begins)
    labels = ConfirmedLabel.objects.filter(model=version, at__gte=since, at__lt=until)
    return labels_that_agree_or_not(labels).aggregate(read=Count("pk"), agreed=AGREED, **WEIGHTS)
