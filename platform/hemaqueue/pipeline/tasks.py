"""Where the news enters the platform: one task, one transaction, every branch fenced."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.db import InterfaceError, OperationalError, transaction
from django.utils.dateparse import parse_datetime

from hemaqueue.common.commits import commit_soon
from hemaqueue.jobs.classes import JobClass
from hemaqueue.jobs.services import (
    jobs_crashed,
    jobs_finished,
    jobs_progressed,
    jobs_released,
    jobs_started,
)
from hemaqueue.pipeline import ear, learning, steps
from hemaqueue.pipeline.patience import until_the_database_is_back
from jobcontract import signing
from jobcontract.messages import MalformedMessage, Tidings
from jobcontract.names import HEAR_NEWS, News

logger = logging.getLogger(__name__)

#: A later piece of news stands in for one of these.
TOLD_AGAIN = {News.STARTED, News.PROGRESS, News.PRESENT, News.PROBE}


@shared_task(name=HEAR_NEWS)
def hear_news(*, letter: str) -> None:
    """Apply one piece of news; a forged or malformed one is dropped, never raised."""
    tidings = _read(letter)
    if tidings is None:
        logger.warning("A letter was not ours and is dropped")
        return
    for _ in until_the_database_is_back():
        try:
            return apply(tidings)
        except (OperationalError, InterfaceError) as error:
            logger.warning("The database is away: %s", type(error).__name__)


def _read(letter: str) -> Tidings | None:
    """Return signed tidings whose ids are ids and whose time is one, or None."""
    try:
        tidings = Tidings.from_json(signing.verify(letter, salt=signing.Salt.NEWS))
        ids = [tidings.parcel, *(ticket.job for ticket in tidings.tickets)]
        ids += [outcome.job for outcome in tidings.outcomes]
        parse_datetime(tidings.at)
        return tidings if all(UUID(one) for one in ids if one) else None
    except (signing.ForgedMessage, MalformedMessage, ValueError, TypeError, AttributeError):
        return None


@transaction.atomic
def apply(tidings: Tidings) -> None:
    if tidings.kind in TOLD_AGAIN:
        commit_soon()
    _apply(tidings)


def _apply(tidings: Tidings) -> None:
    match tidings.kind:
        case News.STARTED:
            _started(tidings)
        case News.PROGRESS:
            _progressed(tidings)
        case News.FINISHED:
            steps.after_success(jobs_finished(tidings.parcel, tidings.outcomes))
            steps.reviews_follow([UUID(outcome.job) for outcome in tidings.outcomes])
        case News.CRASHED:
            jobs_crashed(tidings.parcel, tidings.tickets, code=tidings.code)
            steps.reviews_follow([UUID(ticket.job) for ticket in tidings.tickets])
        case News.RELEASED:
            jobs_released(tidings.parcel, tidings.tickets)
            steps.reviews_follow([UUID(ticket.job) for ticket in tidings.tickets])
        case News.PRESENT:
            ear.presence_heard(tidings)
        case News.PROBE:
            ear.probe_heard(parse_datetime(tidings.at))
        case _:
            logger.warning("News of an unknown kind is dropped")


def _progressed(tidings: Tidings) -> None:
    """A long curve is kept with its run, not in the ledger."""
    said = {name: value for name, value in tidings.progress.items() if name != "curve"}
    jobs = jobs_progressed(tidings.parcel, tidings.tickets, progress=said)
    if "curve" in tidings.progress:
        learning.models_progressed(jobs, curve=tidings.progress["curve"])


def _started(tidings: Tidings) -> None:
    jobs = jobs_started(tidings.parcel, tidings.tickets)
    if jobs and jobs[0].sent_at:
        ear.pulse_felt(JobClass.of(jobs[0]).name, sent_at=jobs[0].sent_at)
