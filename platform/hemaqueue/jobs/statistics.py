"""Numbers about work: how much is done, how quickly, and what did not succeed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_failed
from hemaqueue.jobs.states import JobState
from jobcontract.names import Queue, Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


@dataclass(frozen=True)
class FailuresOf:
    """How many jobs ended with one code."""

    code: str
    count: int
    newest: datetime


def jobs_done_since(when: datetime) -> int:
    """Return how many images were classified since `when`."""
    return _classified(since=when).count()


def _classified(*, since: datetime) -> QuerySet[Job]:
    """Return the finished classifications; the queue is named for its index."""
    done: QuerySet[Job] = Job.objects.filter(
        queue=Queue.INFERENCE, state=JobState.SUCCEEDED, finished_at__gte=since
    )
    return done.filter(work=Work.CLASSIFY_SMEARS)


def jobs_done_by_hour(*, hours: int) -> dict[datetime, int]:
    """Return how many images each of the last hours classified, empty hours too, oldest first."""
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    begin = now - timedelta(hours=hours - 1)
    counted = (
        _classified(since=begin)
        .annotate(hour=TruncHour("finished_at"))
        .values("hour")
        .annotate(n=Count("pk"))
        .order_by("hour")
    )
    found = {one["hour"]: one["n"] for one in counted}
    every = (begin + timedelta(hours=n) for n in range(hours))
    return {hour: found.get(hour, 0) for hour in every}


def failures_since(user: User, *, when: datetime) -> list[FailuresOf]:
    """Return what `user` may see of the work that did not succeed, by its code."""
    found = jobs_failed(user).filter(finished_at__gte=when).order_by()
    counted = found.values("error_code").annotate(count=Count("pk"), newest=Max("finished_at"))
    return [
        FailuresOf(one["error_code"], one["count"], one["newest"])
        for one in counted.order_by("-count", "error_code")
    ]
