"""Numbers about work: how much is done, how quickly, and what did not succeed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max
from django.db.models.functions import TruncHour
from django.utils import timezone

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_failed
from hemaqueue.jobs.states import JobState
from jobcontract.names import Queue

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


@dataclass(frozen=True)
class FailuresOf:
    """How many jobs ended with one code."""

    code: str
    count: int
    newest: datetime


def jobs_done_since(when: datetime, *, queue: Queue = Queue.INFERENCE) -> int:
    done = Job.objects.filter(queue=queue, state=JobState.SUCCEEDED, finished_at__gte=when)
    return done.count()


def jobs_done_by_hour(*, hours: int, queue: Queue = Queue.INFERENCE) -> dict[datetime, int]:
    """Return how many jobs each of the last hours finished, empty hours too, the oldest first."""
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    begin = now - timedelta(hours=hours - 1)
    counted = (
        Job.objects.filter(queue=queue, state=JobState.SUCCEEDED, finished_at__gte=begin)
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
