"""Telling a worker that nobody wants a parcel any more.

The ledger decides: a result that comes all the same is not recorded. The mark in Redis only
saves the work, so that losing it costs nothing but time.
"""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from redis import Redis, RedisError

from hemaqueue.jobs.models import Job
from jobcontract.reporting import STOP_SECONDS, stop_key

logger = logging.getLogger(__name__)


def parcel_stop(job: Job) -> None:
    """After the commit, mark the parcel of a job that was asked to stop and travels alone."""
    if not job.cancel_requested or job.message is None:
        return
    if Job.objects.filter(message=job.message, cancel_requested=False).exists():
        return
    transaction.on_commit(partial(_mark, job.message))


def _mark(parcel: UUID) -> None:
    try:
        with Redis.from_url(settings.HEMAQUEUE["REDIS_URL"], socket_timeout=2) as client:
            client.set(stop_key(str(parcel)), "1", ex=STOP_SECONDS)
    except RedisError as error:
        logger.warning("Parcel %s could not be told to stop: %s", parcel, type(error).__name__)
