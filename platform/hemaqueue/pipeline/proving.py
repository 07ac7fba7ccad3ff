"""Having what serves proved: the dispatcher asks, a worker scores the known picture."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import workers_present
from hemaqueue.pipeline.enqueue import SINGLE, Finished, enqueue
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.proving import (
    LASTS,
    RENEWED_AFTER,
    known_picture,
    proof_record,
    versions_unproved,
)
from hemaqueue.registry.selectors import model_reference, models_serving
from jobcontract.judging import Proof
from jobcontract.messages import ClassifySmear
from jobcontract.names import Queue, Work
from jobcontract.sealing import FileDamaged

logger = logging.getLogger(__name__)

ASKED_AGAIN_AFTER = timedelta(seconds=60)


def inference_workers() -> list[str]:
    """Return the names of the inference workers that are there."""
    there = workers_present().filter(queues__contains=[Queue.INFERENCE.value])
    return list(there.values_list("name", flat=True))


def unproved(*, within: timedelta = LASTS) -> list[ModelVersion]:
    """Return the serving versions with which no worker that is there scored the known picture."""
    return versions_unproved(inference_workers(), within=within)


def is_proved() -> bool:
    """Say whether something serves, and all that serves is proved."""
    return models_serving().exists() and not unproved()


@transaction.atomic
def proofs_ask() -> int:
    """Ask for the proofs that are missing or soon too old; return how many were asked for.

    Nothing is asked while no worker is there, and of one version once a minute at most. Of two
    dispatchers one asks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('proofs'))")
        if not cursor.fetchone()[0]:
            return 0
    if not (workers := inference_workers()):
        return 0
    wanted = versions_unproved(workers, within=RENEWED_AFTER)
    return sum(_ask(version) for version in wanted if not _asked_lately(version))


def _asked_lately(version: ModelVersion) -> bool:
    asked = Job.objects.filter(subject=version.pk, work=Work.PROVE_MODEL)
    return asked.filter(created_at__gt=Now() - ASKED_AGAIN_AFTER).exists()


def _ask(version: ModelVersion) -> bool:
    try:
        body = ClassifySmear(image=known_picture(version))
    except (OSError, FileDamaged) as error:
        logger.warning("The known picture cannot be sent: %s", type(error).__name__)
        return False
    enqueue(
        Work.PROVE_MODEL,
        body,
        subject=version.pk,
        site=None,
        by=None,
        model=model_reference(version),
        priority=SINGLE,
    )
    return True


def models_proved(finished: Finished) -> None:
    """Workers answered for the known picture."""
    for job, outcome in finished:
        version = ModelVersion.objects.get(pk=job.subject)
        proof_record(version, said=Proof.from_json(outcome.body))
