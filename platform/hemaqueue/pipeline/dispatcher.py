"""The only sender, and the batcher: takes what is due from the ledger and sends it in parcels.

A single upload is sent at once; of a bulk, what arrives within a moment travels together; only
as many parcels wait in Redis as the workers can soon take. Two dispatchers may run: each class of
jobs has an advisory lock.
"""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DurationField, Expression, Q, QuerySet, Value
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from hemaqueue.celery import app
from hemaqueue.common.prepared import Given, Prepared
from hemaqueue.jobs.classes import JobClass
from hemaqueue.jobs.models import URGENT, Ear, Job
from hemaqueue.jobs.selectors import processes_present
from hemaqueue.jobs.services import jobs_published, jobs_send
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.parcels import grouped, parcel_of, time_limit
from hemaqueue.registry.switching import nothing_suspended, sites_suspended
from jobcontract import signing
from jobcontract.names import Queue

logger = logging.getLogger(__name__)

EAR_SECONDS = 6
OUTBOX_AFTER = timedelta(seconds=2)
SMALLEST_OF_A_BULK = 8
LARGEST_BATCH = {Queue.TRAINING: 1, Queue.REPORTS: 1, Queue.INTAKE: 1}
ONE_AT_A_TIME = (Queue.TRAINING, Queue.INTAKE)
Row = TypeVar("Row")

_fresh_ear = Prepared(
    lambda: Ear.objects.filter(pk=1, probe_at__gt=Now() - timedelta(seconds=EAR_SECONDS)).values(
        "pk"
    )
)


def dispatch_due() -> int:
    """Send what is due, one transaction per class; return how many jobs were sent."""
    if not news_is_heard():
        return 0
    return sum(_send_class(one) for one in _waiting_classes())


def news_is_heard() -> bool:
    """Say whether a probe came through the records queue a moment ago.

    Without an ear nothing is sent and nobody is declared lost: successes would look like
    silence, and what a flush of Redis can cost stays bounded.
    """
    return bool(_fresh_ear())


def _waiting_classes() -> list[JobClass]:
    """Return the classes with something due, the urgent ones first."""
    pause = linger()
    if nothing_suspended():
        found = _lines_prepared(linger=pause)
    else:
        found = list(offered(_lines_due(Value(pause))))
    classes = {JobClass(queue, lane, priority >= URGENT) for queue, lane, priority in found}
    return sorted(classes, key=lambda one: (not one.urgent, one.name))


def linger() -> timedelta:
    """Return how long a picture of a bulk waits for others, that they travel together."""
    return timedelta(seconds=settings.HEMAQUEUE["LINGER_SECONDS"])


def _lines_due(pause: Expression) -> QuerySet[Job, tuple[str, str, int]]:
    at_once = Q(priority__gte=URGENT) | ~Q(queue=Queue.INFERENCE)
    due = Q(available_at__lte=Now()) & at_once | Q(available_at__lte=Now() - pause)
    waiting = Job.objects.filter(due, state=JobState.QUEUED)
    return waiting.order_by().values_list("queue", "lane", "priority").distinct()


_lines_prepared = Prepared(lambda: _lines_due(Given("linger", DurationField())))


def offered(jobs: QuerySet[Job, Row]) -> QuerySet[Job, Row]:
    """Return those of `jobs` that may be sent: none of inference where AI is suspended."""
    everywhere, sites = sites_suspended()
    if everywhere:
        return jobs.exclude(queue=Queue.INFERENCE, site__isnull=False)
    return jobs.exclude(queue=Queue.INFERENCE, site__in=sites) if sites else jobs


def _send_class(line: JobClass) -> int:
    parcels: dict[uuid.UUID, list[Job]] = {}
    with transaction.atomic():
        if not _locked(line):
            return 0
        free = _slots(line) - _outstanding(line)
        if free <= 0:
            return 0
        due, largest, smallest = _due(line, free), _largest(line), _smallest(line)
        for group in grouped(due, slots=free, largest=largest, smallest=smallest):
            parcel = uuid.uuid4()
            limit = time_limit(group[0].work, size=len(group))
            jobs_send(group, parcel=parcel, time_limit=limit)
            parcels[parcel] = group
    jobs_published([parcel for parcel, jobs in parcels.items() if publish(parcel, jobs)])
    return sum(map(len, parcels.values()))


def _locked(line: JobClass) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"send {line.name}"])
        return bool(cursor.fetchone()[0])


def _slots(line: JobClass) -> int:
    """Return how many parcels of a class may wait: two for each process that is there.

    Of the urgent ones, one: while several people wait, they then travel together, which costs
    less than a parcel each.
    """
    if line.queue in ONE_AT_A_TIME:
        return 1
    return max(2, (1 if line.urgent else 2) * processes_present(Queue(line.queue)))


def _outstanding(line: JobClass) -> int:
    """Count the parcels on the way; of what goes one at a time, a running one counts."""
    return len(_on_the_way(line)())


@cache
def _on_the_way(line: JobClass) -> Prepared[dict[str, uuid.UUID]]:
    states = [JobState.SENT]
    if line.queue in ONE_AT_A_TIME:
        states.append(JobState.RUNNING)
    sent = Job.objects.filter(line.q(), state__in=states)
    return Prepared(lambda: sent.order_by().values("message").distinct())


def _largest(line: JobClass) -> int:
    if line.queue == Queue.INFERENCE:
        return int(settings.HEMAQUEUE["BATCH_SIZE"])
    return LARGEST_BATCH[Queue(line.queue)]


def _smallest(line: JobClass) -> int:
    return 1 if line.urgent else SMALLEST_OF_A_BULK


def _due(line: JobClass, free: int) -> list[Job]:
    most = free * _largest(line)
    if nothing_suspended():
        return _first_prepared(line, most)()
    return list(_first(offered(_queued(line)), most))


def _queued(line: JobClass) -> QuerySet[Job]:
    return Job.objects.filter(
        line.q(), state=JobState.QUEUED, available_at__lte=Now(), cancel_requested=False
    )


def _first(due: QuerySet[Job], most: int) -> QuerySet[Job]:
    ordered = due.order_by("-priority", "available_at", "id")
    return ordered.select_for_update(skip_locked=True)[:most]


@cache
def _first_prepared(line: JobClass, most: int) -> Prepared[Job]:
    return Prepared(lambda: _first(_queued(line), most))


def publish(parcel: uuid.UUID, jobs: Sequence[Job]) -> bool:
    """Put one parcel into Redis. If that fails the outbox does it again: same id, same content."""
    line = JobClass.of(jobs[0])
    message = parcel_of(jobs, id=parcel, silence=jobs[0].silence_limit)
    try:
        app.send_task(
            jobs[0].work,
            kwargs={"letter": signing.sign(message.to_json(), salt=signing.Salt.WORK)},
            queue=line.redis_queue,
            priority=line.redis_priority,
            time_limit=math.ceil(jobs[0].time_limit),
            task_id=str(parcel),
            retry=False,
        )
    except (OperationalError, OSError) as error:
        logger.warning("Parcel %s was not sent: %s", parcel, type(error).__name__)
        return False
    return True


def publish_left_over() -> None:
    """The outbox: send parcels whose dispatcher stopped between the commit and Redis."""
    left = Job.objects.filter(
        state=JobState.SENT, published=False, sent_at__lt=Now() - OUTBOX_AFTER
    )
    for parcel in left.order_by().values_list("message", flat=True).distinct():
        jobs = list(Job.objects.filter(message=parcel, state=JobState.SENT))
        if jobs and publish(parcel, jobs):
            jobs_published([parcel])
