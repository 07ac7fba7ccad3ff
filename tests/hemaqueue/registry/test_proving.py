"""What serves is proved: a worker that is there scored the known picture with it, lately."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models.functions import Now

from hemaqueue.jobs.models import Job, WorkerPresence
from hemaqueue.jobs.selectors import PAUSED_AFTER
from hemaqueue.jobs.services import jobs_finished
from hemaqueue.pipeline import proving
from hemaqueue.pipeline.parcels import parcel_of
from hemaqueue.pipeline.steps import after_success
from hemaqueue.registry.checking import GOLDEN
from hemaqueue.registry.models import ModelProof, ModelVersion
from hemaqueue.registry.services import bundle_register
from inference_worker.parcels import proved
from jobcontract import storage
from jobcontract.names import Queue, Work
from jobcontract.presence import name_of
from jobcontract.sealing import read_sealed
from tests import factories
from tests.hemaqueue.jobs.ledger import failure, sent, success

pytestmark = pytest.mark.django_db

SOUND = {"benign": 0.9, "early_pre_b": 0.05, "pre_b": 0.03, "pro_b": 0.02}
OTHER = {"benign": 0.1, "early_pre_b": 0.85, "pre_b": 0.03, "pro_b": 0.02}


def heard(name: str, *queues: str) -> None:
    WorkerPresence.objects.create(name=name, queues=list(queues) or [Queue.INFERENCE])


@pytest.fixture
def serving(db: None) -> ModelVersion:
    heard("w")
    return factories.ModelVersionFactory()


def asked() -> Job:
    assert proving.proofs_ask() == 1
    return Job.objects.get(work=Work.PROVE_MODEL, finished_at=None)


def answered(job: Job, scores: dict[str, float] = SOUND, *, by: str = "w") -> ModelProof:
    body = {"label": "benign", "scores": scores, "worker": by}
    after_success(jobs_finished(sent(job), [success(job, **body)]))
    return ModelProof.objects.latest("pk")


def ask_again() -> Job:
    """Let the minute pass in which one version is asked for once."""
    Job.objects.update(created_at=Now() - 2 * proving.ASKED_AGAIN_AFTER)
    return asked()


def proof(version: ModelVersion, *, ago: timedelta) -> None:
    ModelProof.objects.create(model=version, worker="w", scores=SOUND, at=Now() - ago)


def test_where_nothing_serves_nothing_is_proved() -> None:
    heard("w")
    assert proving.proofs_ask() == 0
    assert not proving.is_proved()


def test_the_known_picture_goes_the_way_of_every_other(serving: ModelVersion) -> None:
    job = asked()
    assert (job.queue, job.site, job.subject) == (Queue.INFERENCE, None, serving.pk)
    assert job.shared["digest"] == serving.digest
    assert read_sealed(job.payload["image"]["key"]) == GOLDEN.read_bytes()
    assert not proving.is_proved()


def test_a_sound_answer_is_the_proof(serving: ModelVersion) -> None:
    assert answered(asked()).fault == ""
    assert proving.is_proved()


def test_a_real_worker_proves_the_committed_bundle(db: None) -> None:
    heard(name_of(os.getppid()))
    bundle = Path(settings.ROOT) / "inference_worker/bundles/smearnet-synthetic-1"
    version = bundle_register(bundle, name="one")
    ModelVersion.objects.filter(pk=version.pk).update(status="serving")
    job = asked()
    parcel = sent(job)
    job.refresh_from_db()
    after_success(jobs_finished(parcel, proved(parcel_of([job], id=job.message, silence=60))))
    assert proving.is_proved()


@pytest.mark.parametrize(
    "scores",
    [{"benign": 1.0}, {**SOUND, "benign": 0.2}],
    ids=["other classes", "no shares of one"],
)
def test_an_answer_that_is_not_sound_proves_nothing(
    serving: ModelVersion, scores: dict[str, float]
) -> None:
    assert answered(asked(), scores).fault
    assert not proving.is_proved()


def test_who_says_something_else_than_the_first_time_proves_nothing(serving: ModelVersion) -> None:
    answered(asked())
    WorkerPresence.objects.all().delete()
    heard("v")
    assert answered(ask_again(), OTHER, by="v").fault.startswith("It says something else")
    assert not proving.is_proved()


def test_the_proof_of_a_worker_that_is_gone_proves_nothing(serving: ModelVersion) -> None:
    answered(asked())
    WorkerPresence.objects.update(heard_at=Now() - 2 * PAUSED_AFTER)
    assert not proving.is_proved()
    heard("v", Queue.TRAINING)
    assert not proving.is_proved()


def test_every_version_that_serves_is_proved_by_itself(serving: ModelVersion) -> None:
    answered(asked())
    factories.ModelVersionFactory(name="field", image_kind="field")
    assert not proving.is_proved()
    answered(asked())
    assert proving.is_proved()


def test_nothing_is_asked_while_no_worker_is_there() -> None:
    factories.ModelVersionFactory()
    assert proving.proofs_ask() == 0
    heard("t", Queue.TRAINING)
    assert proving.proofs_ask() == 0


def test_one_version_is_asked_once_a_minute(serving: ModelVersion) -> None:
    job = asked()
    assert proving.proofs_ask() == 0
    jobs_finished(sent(job), [failure(job, "model_integrity")])
    assert proving.proofs_ask() == 0
    assert ask_again() != job


def test_a_proof_is_renewed_before_it_is_too_old(serving: ModelVersion) -> None:
    proof(serving, ago=timedelta(minutes=45))
    assert proving.is_proved() and proving.proofs_ask() == 0
    proof(factories.ModelVersionFactory(name="f", image_kind="field"), ago=timedelta(minutes=55))
    assert proving.is_proved() and proving.proofs_ask() == 1


def test_an_old_proof_proves_nothing(serving: ModelVersion) -> None:
    proof(serving, ago=timedelta(minutes=61))
    assert not proving.is_proved()


def test_a_store_that_is_full_ends_no_dispatcher(
    serving: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(storage, "write_all", full)
    assert proving.proofs_ask() == 0
    monkeypatch.undo()
    asked()
