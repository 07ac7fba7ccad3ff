"""Finds jobs whose worker is gone or whose parcel is lost, and offers them again."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Now
from redis import Redis, RedisError

from hemaqueue.jobs.classes import JobClass
from hemaqueue.jobs.models import URGENT, Job, Pulse
from hemaqueue.jobs.moving import ledger_notify
from hemaqueue.jobs.services import job_crash, jobs_requeue
from hemaqueue.jobs.states import JobState, Lane
from hemaqueue.pipeline.dispatcher import news_is_heard
from hemaqueue.pipeline.steps import reviews_follow
from jobcontract.names import redis_list

OWN_SILENCE = ExpressionWrapper(
    F("silence_limit") * Value(timedelta(seconds=1)), output_field=DurationField()
)
MISSING_AFTER = timedelta(seconds=1)


def silence() -> timedelta:
    return timedelta(seconds=settings.HEMAQUEUE["SILENCE_SECONDS"])


def grace() -> timedelta:
    """Return how long the evidence of a lost parcel must stand: half the limit of silence."""
    return silence() / 2


def grace_apart() -> timedelta:
    """Return the grace in quarantine, where each parcel waits in hand for a child that starts.

    A shorter one than a child's start offers the parcel again before it can begin: its news is
    then of an old try, its crash counts for nothing, and it is tried for ever.
    """
    return 2 * silence()


def reap() -> None:
    """Judge silence and absence, but only while news is being heard."""
    if news_is_heard():
        _reap_silent()
        _mark_missing()
        _requeue_missing()


@transaction.atomic
def _reap_silent() -> None:
    quiet = Q(heard_at__lt=Now() - OWN_SILENCE) | Q(deadline_at__lt=Now())
    running = Job.objects.filter(quiet, state=JobState.RUNNING)
    lost = list(running.select_for_update(skip_locked=True))
    for job in lost:
        job_crash(job, code="silent")
    if lost:
        reviews_follow([job.pk for job in lost])
        ledger_notify()


def _mark_missing() -> None:
    """Note since when there is evidence that a sent parcel is lost.

    Either nothing waits in its list in Redis, or a parcel of its class that was sent later
    has already started.
    """
    sent = Job.objects.filter(
        state=JobState.SENT,
        published=True,
        missing_since=None,
        heard_at__lt=Now() - MISSING_AFTER,
    )
    pulses = dict(Pulse.objects.values_list("name", "started_sent_at"))
    for line in _classes_of(sent):
        of_line = sent.filter(line.q())
        if list_is_empty(line):
            of_line.update(missing_since=Now())
        elif line.name in pulses:
            of_line.filter(sent_at__lt=pulses[line.name]).update(missing_since=Now())


def _requeue_missing() -> None:
    overdue = _missing_for(grace()) & ~Q(lane=Lane.QUARANTINE)
    overdue |= _missing_for(grace_apart()) & Q(lane=Lane.QUARANTINE)
    jobs_requeue(Job.objects.filter(overdue, state=JobState.SENT).order_by("pk"))


def _missing_for(pause: timedelta) -> Q:
    return Q(missing_since__lt=Now() - pause, heard_at__lt=Now() - pause)


def _classes_of(jobs: QuerySet[Job]) -> set[JobClass]:
    found = jobs.order_by().values_list("queue", "lane", "priority").distinct()
    return {JobClass(queue, lane, priority >= URGENT) for queue, lane, priority in found}


def list_is_empty(line: JobClass) -> bool:
    """Say whether no parcel of a class waits in Redis; what waits of another proves nothing."""
    key = redis_list(line.redis_queue, line.redis_priority)
    try:
        with Redis.from_url(settings.HEMAQUEUE["REDIS_URL"], socket_timeout=2) as client:
            return not client.llen(key)
    except RedisError:
        return False
