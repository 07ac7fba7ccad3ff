"""Reading the ledger: for people (positions, depths) and for the dispatcher (what is due)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now

from hemaqueue.common.asking import asked_once
from hemaqueue.common.errors import Missing
from hemaqueue.common.prepared import Prepared
from hemaqueue.jobs.models import BACKGROUND, Job, WorkerPresence
from hemaqueue.jobs.states import JobState
from jobcontract.names import Queue, Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

WAITING = (JobState.QUEUED, JobState.SENT)
#: Four beats missed. With its news every ten seconds, people are told within a minute.
PAUSED_AFTER = timedelta(seconds=45)


def job_get(user: User, pk: UUID) -> Job:
    """Return one job that `user` may see; otherwise it does not exist."""
    job: Job | None = Job.objects.visible_to(user).filter(pk=pk).first()
    if job is None:
        raise Missing
    return job


def jobs_latest(subjects: Iterable[UUID], *, work: Work) -> dict[UUID, Job]:
    """Return the newest job of `work` for each subject: one query for a whole page."""
    wanted = frozenset(subjects)
    return {**_latest(wanted, work)} if wanted else {}


@asked_once
def _latest(subjects: frozenset[UUID], work: Work) -> dict[UUID, Job]:
    found = Job.objects.filter(subject__in=subjects, work=work)
    newest = found.order_by("subject", "-created_at").distinct("subject")
    return {job.subject: job for job in newest}


def job_position(job: Job) -> int | None:
    """Return how many jobs of the same line are done before this one, plus one, or None."""
    if job.state != JobState.QUEUED:
        return None
    before = Q(priority__gt=job.priority) | Q(
        priority=job.priority, available_at__lt=job.available_at
    )
    line = Job.objects.filter(queue=job.queue, lane=job.lane, state=JobState.QUEUED)
    return int(line.filter(before).count()) + 1


@dataclass(frozen=True)
class QueueTruth:
    """What waits in one queue, and who is there to do it."""

    queue: str
    waiting: int
    running: int
    oldest: datetime | None
    workers: int
    processes: int

    @property
    def is_paused(self) -> bool:
        return self.workers == 0


@asked_once
def queue_truth(queue: Queue = Queue.INFERENCE) -> QueueTruth:
    """Return depth, oldest job and workers heard lately, for one queue; without the background."""
    waiting, running, oldest = next(iter(_depth(queue)()), (0, 0, None))
    present = [processes for (processes,) in _present(queue)()]
    return QueueTruth(queue, waiting, running, oldest, len(present), sum(present))


@cache
def _depth(queue: Queue) -> Prepared[tuple[int, int, datetime | None]]:
    live = Job.objects.filter(queue=queue, finished_at=None, priority__gt=BACKGROUND)
    counted = live.order_by().values("queue")
    counted = counted.annotate(
        waiting=Count("pk", filter=Q(state__in=WAITING)),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
        oldest=Min("created_at", filter=Q(state__in=WAITING)),
    )
    return Prepared(lambda: counted.values_list("waiting", "running", "oldest"))


def processes_present(queue: Queue) -> int:
    """Return how many processes, over all workers that are there, serve one queue."""
    return sum(processes for (processes,) in _present(queue)())


@cache
def _present(queue: Queue) -> Prepared[tuple[int]]:
    present = workers_present().filter(queues__contains=[queue.value])
    return Prepared(lambda: present.values_list("processes"))


def workers_present() -> QuerySet[WorkerPresence]:
    """Return the workers that said lately that they are there."""
    return WorkerPresence.objects.filter(heard_at__gt=Now() - PAUSED_AFTER).order_by("name")


def jobs_failed(user: User) -> QuerySet[Job]:
    """Return what `user` may see of the work that did not succeed, newest first."""
    failed = (JobState.FAILED, JobState.DEAD)
    found: QuerySet[Job] = Job.objects.visible_to(user).filter(state__in=failed)
    return found.order_by("-finished_at")
