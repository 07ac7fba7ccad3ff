"""The one place from which work is asked for: a row of the ledger, in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from hemaqueue.jobs.models import URGENT, Job
from hemaqueue.jobs.services import job_create
from jobcontract.messages import Message, ModelReference
from jobcontract.names import Queue, Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from jobcontract.messages import Outcome

#: A single upload has somebody waiting for it.
SINGLE, BULK = URGENT, 0

Finished = Sequence[tuple[Job, "Outcome"]]


def enqueue(
    work: Work,
    body: Message,
    *,
    subject: UUID,
    site: UUID | None,
    by: User | None,
    model: ModelReference | None = None,
    priority: int = 0,
) -> Job:
    """Ask for `work` on `subject`; the same question that is still open is not asked twice."""
    asked = body.to_json()
    return job_create(
        by=by,
        work=work,
        queue=work.queue,
        subject=subject,
        site_id=site,
        payload=asked,
        priority=priority,
        silence_limit=silence_limit(work.queue),
        **asked_of(model, work=work, subject=subject, payload=asked),
    )


def asked_of(
    model: ModelReference | None, *, work: str, subject: UUID, payload: dict[str, Any]
) -> dict[str, Any]:
    """Return what a job says of the version that is to do it."""
    version = model.version if model else ""
    return {
        "shared": model.to_json() if model else {},
        "shared_key": shared_key(model),
        "dedupe_key": f"{work}:{subject}:{version}:{_fingerprint(payload)}",
    }


def silence_limit(queue: Queue) -> float:
    """Return for how many seconds a worker of a queue may be silent: training pauses longer."""
    return float(settings.HEMAQUEUE["SILENCE_SECONDS"] * (2 if queue is Queue.TRAINING else 1))


def shared_key(model: ModelReference | None) -> str:
    """Return what jobs of one parcel have in common: the bundle, and the thresholds."""
    if model is None:
        return ""
    point = model.operating_point
    return f"{model.digest[:40]}:{point}" if point else model.digest


def _fingerprint(asked: dict[str, object]) -> str:
    """Return a short hash of the parameters; wrapped keys differ each time and are left out."""
    plain = {name: value for name, value in asked.items() if not isinstance(value, dict)}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]
