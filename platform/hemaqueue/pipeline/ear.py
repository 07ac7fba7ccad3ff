"""The ear: a signed probe goes through the records queue every second, and back to the ledger."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from hemaqueue.celery import app
from hemaqueue.jobs.models import Ear, Job, WorkerPresence
from hemaqueue.jobs.states import JobState
from jobcontract.messages import Tidings
from jobcontract.names import News
from jobcontract.telling import tell

logger = logging.getLogger(__name__)

FRESH = timedelta(seconds=6)
FELT = """
INSERT INTO jobs_pulse (name, started_sent_at) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET started_sent_at = excluded.started_sent_at
WHERE jobs_pulse.started_sent_at < excluded.started_sent_at
"""


def probe_send() -> None:
    """Ask whether news is heard. No answer is the answer, when Redis is away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    try:
        tell(app, Tidings(kind=News.PROBE, at=now.isoformat()))
    except (OperationalError, OSError) as error:
        logger.warning("The probe was not sent: %s", type(error).__name__)


@transaction.atomic
def probe_heard(at: datetime | None) -> None:
    """Note that news is heard. The first probe after deafness forgives the silence before it.

    A probe that was sent long ago, or says no time, proves nothing.
    """
    if at is None:
        return
    Ear.objects.get_or_create(pk=1)
    ear = Ear.objects.select_for_update().filter(pk=1)
    if not ear.annotate(now=Now()).filter(now__lt=at + FRESH).exists():
        return
    was_deaf = not ear.filter(probe_at__gt=Now() - FRESH).exists()
    if was_deaf:
        in_hand = (JobState.SENT, JobState.RUNNING)
        Job.objects.filter(state__in=in_hand).update(heard_at=Now())
    ear.update(probe_at=Now())


def pulse_felt(line: str, *, sent_at: datetime) -> None:
    """Note that a parcel of this class, sent at `sent_at`, has started."""
    with connection.cursor() as cursor:
        cursor.execute(FELT, [line, sent_at])


def presence_heard(tidings: Tidings) -> None:
    """Note that a worker is there."""
    WorkerPresence.objects.update_or_create(
        name=tidings.worker[:120],
        defaults={
            "queues": list(tidings.queues),
            "processes": tidings.processes,
            "heard_at": Now(),
        },
    )
