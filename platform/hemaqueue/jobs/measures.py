"""The ledger in numbers for those who watch it: depths, ages, times of its stages, parcels.

Each question reads a partial index of what is live, or the newest rows along one: it costs the
same at a thousand jobs and at a million.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now

from hemaqueue.jobs.models import IN_HAND, Job
from hemaqueue.jobs.states import JobState, Lane
from jobcontract.names import Queue

LATELY = timedelta(minutes=15)
NEWEST = 500
RANKS = {"p50": 0.5, "p95": 0.95, "max": 1.0}
STAGES = {
    "queued": ("created_at", "sent_at"),
    "sent": ("sent_at", "started_at"),
    "running": ("started_at", "finished_at"),
    "whole": ("created_at", "finished_at"),
}


@dataclass(frozen=True)
class Depth:
    """How many jobs stand in one state of one lane, and since when the oldest could be done."""

    queue: str
    lane: str
    state: str
    jobs: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class Lately:
    """What the newest finished jobs of one queue say, by rank; empty where there were none.

    `stages`: seconds, by stage; `parcels`: jobs that travelled together.
    """

    stages: dict[str, dict[str, float]] = field(default_factory=dict)
    parcels: dict[str, float] = field(default_factory=dict)


def depths(queues: Sequence[Queue]) -> list[Depth]:
    """Return every state of work that is not over, for each queue; the empty ones too."""
    found: dict[tuple[str, str, str], Depth] = {
        (queue.value, Lane.NORMAL.value, state.value): Depth(queue, Lane.NORMAL, state)
        for queue in queues
        for state in (JobState.QUEUED, *IN_HAND)
    }
    for live in (Job.objects.filter(state=JobState.QUEUED), Job.objects.filter(state__in=IN_HAND)):
        for one in _counted(live):
            found[one.queue, one.lane, one.state] = one
    return list(found.values())


def _counted(live: QuerySet[Job]) -> list[Depth]:
    rows = live.order_by().values("queue", "lane", "state")
    return [Depth(**row) for row in rows.annotate(jobs=Count("*"), oldest=Min("available_at"))]


def lately(queue: Queue) -> Lately:
    """Return how long the newest jobs of a queue took, and in which company they travelled."""
    done = Job.objects.filter(
        queue=queue, state=JobState.SUCCEEDED, finished_at__gt=Now() - LATELY
    ).order_by("-finished_at")
    times = ("created_at", "sent_at", "started_at", "finished_at", "message")
    rows = list(done.values(*times)[:NEWEST])
    if not rows:
        return Lately()
    stages = {
        name: ranked([(row[end] - row[begin]).total_seconds() for row in rows if row[begin]])
        for name, (begin, end) in STAGES.items()
    }
    return Lately(stages=stages, parcels=ranked(list(Counter(r["message"] for r in rows).values())))


def ranked(values: Sequence[float]) -> dict[str, float]:
    """Return the values at RANKS: the smallest value that so large a share does not exceed."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return {
        name: ordered[min(last, int(share * len(ordered)))]
        for name, share in RANKS.items()
        if ordered
    }


def failed_lately() -> dict[str, int]:
    """Return how many jobs failed, and how many were given up, of late."""
    ended = Q(state__in=(JobState.FAILED, JobState.DEAD), finished_at__gt=Now() - LATELY)
    counted = Job.objects.filter(ended).order_by().values("state").annotate(n=Count("*"))
    found = {one["state"]: one["n"] for one in counted}
    return {state.value: found.get(state.value, 0) for state in (JobState.FAILED, JobState.DEAD)}
