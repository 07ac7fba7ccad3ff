"""Asking for a run: who may, when it is refused, what the worker is sent, what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Role
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Missing
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.services import jobs_finished, jobs_progressed
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.learning import training_requested
from hemaqueue.pipeline.steps import after_success
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.services import bundle_register
from hemaqueue.training.lineage import lineage_of
from hemaqueue.training.models import DatasetSnapshot, TrainingRun
from hemaqueue.training.selectors import training_preview
from hemaqueue.training.services import Order, TooFewLabels
from jobcontract import signing, storage
from jobcontract.messages import FineTuneModel, TrainingImage
from jobcontract.names import Queue
from jobcontract.sealing import read_shared
from tests import factories
from tests.hemaqueue.jobs.ledger import sent, success, tickets
from tests.hemaqueue.training.confirming import confirm_enough, confirmed
from tests.hemaqueue.training.leaving import CHANGES, left_candidate

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving(db: None) -> ModelVersion:
    """The committed demonstration model, as the installation registers it."""
    folder = Path(settings.ROOT) / "inference_worker/bundles/smearnet-synthetic-1"
    version = bundle_register(folder)
    ModelVersion.objects.filter(pk=version.pk).update(status=ModelStatus.SERVING)
    version.refresh_from_db()
    return version


@pytest.fixture
def run(serving: ModelVersion, clara: User, adam: User) -> TrainingRun:
    confirm_enough(by=clara)
    return training_requested(Order("synthetic", epochs=3), by=adam)


def finish(run: TrainingRun, **told: Any) -> TrainingRun:
    assert run.job
    parcel = sent(run.job)
    after_success(jobs_finished(parcel, [success(run.job, **told)]))
    run.refresh_from_db()
    run.job.refresh_from_db()
    return run


def test_only_who_runs_the_installation_may_ask(
    serving: ModelVersion, tessa: User, clara: User, otto: User
) -> None:
    confirm_enough(by=clara)
    for person in (tessa, clara, otto, factories.person("ada", Role.ADMINISTRATOR)):
        with pytest.raises(Missing):
            training_requested(Order("synthetic", epochs=3), by=person)
    assert not TrainingRun.objects.exists()


def test_too_few_labels_are_refused_with_the_numbers(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    confirmed("benign", by=clara)
    with pytest.raises(TooFewLabels, match="Benign has 1") as refused:
        training_requested(Order("synthetic", epochs=3), by=adam)
    assert refused.value.code == "too_few_labels"
    assert not DatasetSnapshot.objects.exists()
    assert not Job.objects.exists()


def test_the_worker_is_sent_what_it_can_read(run: TrainingRun) -> None:
    job = run.job
    assert job
    assert (job.queue, job.state) == (Queue.TRAINING, JobState.QUEUED)
    asked = FineTuneModel.from_json(job.payload)
    assert (asked.epochs, job.shared["digest"]) == (3, run.base.digest)
    images = [TrainingImage.from_json(one) for one in json.loads(read_shared(asked.manifest))]
    assert len(images) == 8
    assert asked.base == "smearnet-synthetic-1"
    origin = {
        "person": True,
        "source": "labels that readers confirmed",
        "site": "Demo Laboratory",
        "stain": "Wright-Giemsa",
    }
    assert all(one.origin == origin for one in images)
    assert read_shared(images[0].image).startswith(b"\x89PNG")
    assert b"PNG" not in storage.read(asked.manifest.key)


def test_asking_twice_shows_the_run_that_goes_on(run: TrainingRun, adam: User) -> None:
    assert training_requested(Order("synthetic", epochs=9), by=adam).pk == run.pk
    assert TrainingRun.objects.count() == Job.objects.filter(queue=Queue.TRAINING).count() == 1


def test_after_a_failed_run_another_may_begin(run: TrainingRun, adam: User) -> None:
    assert run.job
    parcel = sent(run.job)
    failed = success(run.job).__class__(job=str(run.job.pk), attempt=1, ok=False, code="no")
    jobs_finished(parcel, [failed])
    assert training_requested(Order("synthetic", epochs=3), by=adam).pk != run.pk


def test_the_epochs_are_in_the_ledger_while_it_learns(run: TrainingRun) -> None:
    assert run.job
    parcel = sent(run.job)
    jobs_progressed(parcel, tickets(run.job), progress={"epoch": 2, "loss": 0.4})
    run.job.refresh_from_db()
    assert run.job.progress["epoch"] == 2


def test_what_a_run_made_is_signed_and_waits_for_a_person(run: TrainingRun) -> None:
    key, digest = left_candidate(run.base)
    finish(run, bundle_key=key, digest=digest, metrics={})
    candidate = run.candidate
    assert candidate
    assert candidate.status == ModelStatus.CANDIDATE
    assert (candidate.name, candidate.digest) == ("smearnet-synthetic-2", digest)
    signature = storage.read(f"{candidate.bundle_key}/signature").decode()
    assert signing.verify(signature, salt=signing.Salt.BUNDLE) == digest
    assert run.metrics["accuracy"] == 0.9
    run.base.refresh_from_db()
    assert run.base.status == ModelStatus.SERVING
    assert AuditEvent.objects.filter(action="model.register").exists()


@pytest.mark.parametrize("change", ["earlier", "from nothing"])
def test_a_parent_is_named_only_where_weights_were_taken_over(
    run: TrainingRun, change: str
) -> None:
    TrainingRun.objects.update(network="smearnet" if change == "from nothing" else "")
    key, digest = left_candidate(run.base, change=change)
    candidate = finish(run, bundle_key=key, digest=digest, metrics={}).candidate
    assert candidate
    found = lineage_of(candidate)
    assert found.run == run
    assert found.judged_beside == run.base
    assert found.parent == (run.base if change == "earlier" else None)


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_hold_is_not_registered(run: TrainingRun, change: str) -> None:
    key, digest = left_candidate(run.base, change=change)
    finish(run, bundle_key=key, digest=digest, metrics={})
    assert run.candidate is None
    assert run.fault
    assert run.job and run.job.state == JobState.SUCCEEDED
    assert ModelVersion.objects.count() == 1


def test_what_a_promoted_version_learned_is_not_new_any_more(run: TrainingRun, clara: User) -> None:
    key, digest = left_candidate(run.base)
    finish(run, bundle_key=key, digest=digest, metrics={})
    ModelVersion.objects.filter(pk=run.base_id).update(status=ModelStatus.RETIRED)
    ModelVersion.objects.filter(digest=digest).update(status=ModelStatus.SERVING)
    assert "Nothing was confirmed" in training_preview("synthetic").obstacle
    confirmed("benign", by=clara)
    assert training_preview("synthetic").new == 1
    assert training_preview("synthetic").may_start
