"""The pipeline's tests use the real Redis of the run, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db.models.functions import Now
from redis import Redis

from hemaqueue.jobs.models import Ear, WorkerPresence
from jobcontract.names import Queue


@pytest.fixture(autouse=True)
def redis() -> Iterator[Redis]:
    with Redis.from_url(settings.HEMAQUEUE["REDIS_URL"]) as client:
        client.flushdb()
        yield client


@pytest.fixture
def heard(db: None) -> None:
    """News is being heard: a probe came through just now."""
    Ear.objects.update_or_create(pk=1, defaults={"probe_at": Now()})


@pytest.fixture
def worker(db: None) -> None:
    """One process is there for inference."""
    WorkerPresence.objects.create(name="one", queues=[Queue.INFERENCE.value], processes=1)
