"""What supervisors and proxies ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from hemaqueue.jobs.models import Ear, WorkerPresence
from hemaqueue.registry.models import ModelProof
from tests import factories

pytestmark = pytest.mark.django_db


def ready() -> Any:
    return Client().get("/readyz")


def test_a_process_that_answers_is_alive() -> None:
    answer = Client().get("/livez")
    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_ready_means_that_an_upload_becomes_a_result() -> None:
    Ear.objects.create(pk=1, probe_at=Now())
    WorkerPresence.objects.create(name="w", queues=["inference"])
    version = factories.ModelVersionFactory()
    assert (ready().status_code, ready().json()["inference"]) == (503, "ok")
    assert "known picture" in ready().json()["model"]
    ModelProof.objects.create(model=version, worker="w")
    answer = ready()
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_what_is_missing_is_named() -> None:
    answer = ready()
    assert answer.status_code == 503
    assert answer.json()["database"] == answer.json()["redis"] == "ok"
    assert "dispatcher" in answer.json()["news"]
    assert "inference worker" in answer.json()["inference"]


def test_a_redis_that_is_away_is_named(settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"REDIS_URL": "redis://127.0.0.1:1/0"}
    assert ready().json()["redis"] == "Redis does not answer."


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_both_only_read(address: str) -> None:
    assert Client().post(address).status_code == 405
