"""Jobs of one class share a line: the same queue, lane and urgency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from hemaqueue.jobs.models import URGENT, Job
from hemaqueue.jobs.states import Lane
from jobcontract.names import Queue, redis_priority


@dataclass(frozen=True)
class JobClass:
    queue: str
    lane: str
    urgent: bool

    @classmethod
    def of(cls, job: Job) -> JobClass:
        return cls(job.queue, job.lane, job.priority >= URGENT)

    @property
    def name(self) -> str:
        return f"{self.queue}:{self.lane}:{'urgent' if self.urgent else 'bulk'}"

    @property
    def redis_queue(self) -> str:
        """Return the queue in Redis; only inference has a quarantine apart."""
        apart = self.lane == Lane.QUARANTINE and self.queue == Queue.INFERENCE
        return Queue.QUARANTINE if apart else self.queue

    @property
    def redis_priority(self) -> int:
        return redis_priority(urgent=self.urgent)

    def q(self) -> Q:
        """Return the filter that selects the jobs of this class."""
        urgency: dict[str, Any] = (
            {"priority__gte": URGENT} if self.urgent else {"priority__lt": URGENT}
        )
        return Q(queue=self.queue, lane=self.lane, **urgency)
