"""A version that served before is loaded and scores a known picture before it serves again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.services import jobs_finished
from hemaqueue.pipeline.parcels import parcel_of
from hemaqueue.pipeline.steps import after_success
from hemaqueue.pipeline.versions import version_promoted
from hemaqueue.registry.checking import GOLDEN, SAME, check_open
from hemaqueue.registry.deciding import VersionServesAlready, model_promote
from hemaqueue.registry.models import Activation, ModelCheck, ModelStatus, ModelVersion
from hemaqueue.registry.services import bundle_register
from inference_worker.engines import engines
from inference_worker.parcels import classified
from jobcontract import storage
from jobcontract.names import Queue, Work
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import read_sealed
from tests import factories
from tests.hemaqueue.jobs.ledger import sent, success
from tests.people import adam

__all__ = ["adam"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def retired(db: None) -> ModelVersion:
    """The committed demonstration model, which served before another one does now."""
    version = bundle_register(
        Path(settings.ROOT) / "inference_worker/bundles/smearnet-synthetic-1", name="one"
    )
    model_promote(version, by=None, reason="First")
    later = factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)
    model_promote(later, by=None, reason="Second")
    version.refresh_from_db()
    return version


def ask(version: ModelVersion, *, by: User) -> Job:
    check = version_promoted(version, by=by, reason="Back: false alarms")
    assert check
    return Job.objects.get(subject=check.pk)


def answer(job: Job, scores: dict[str, float], **more: Any) -> ModelCheck:
    told = {"label": "benign", "confidence": 0.9, "malignant": 0.1} | more
    after_success(jobs_finished(sent(job), [success(job, scores=scores, **told)]))
    return ModelCheck.objects.get(pk=job.subject)


GOOD = {"benign": 0.9, "early_pre_b": 0.05, "pre_b": 0.03, "pro_b": 0.02}


def test_nothing_changes_before_a_worker_answered(retired: ModelVersion, adam: User) -> None:
    job = ask(retired, by=adam)
    assert (job.work, job.queue, job.site) == (Work.CHECK_MODEL, Queue.INFERENCE, None)
    assert job.shared["digest"] == retired.digest
    assert read_sealed(job.payload["image"]["key"]) == GOLDEN.read_bytes()
    retired.refresh_from_db()
    assert retired.status == ModelStatus.RETIRED


def test_a_version_that_loads_and_answers_serves_again(retired: ModelVersion, adam: User) -> None:
    job = ask(retired, by=adam)
    parcel = sent(job)
    job.refresh_from_db()
    after_success(jobs_finished(parcel, classified(parcel_of([job], id=job.message, silence=60))))
    retired.refresh_from_db()
    assert retired.status == ModelStatus.SERVING
    check = ModelCheck.objects.get()
    assert check.passed and sum(check.scores.values()) == pytest.approx(1)
    act = Activation.objects.first()
    assert act and (act.model, act.by, act.reason) == (retired, adam, "Back: false alarms")
    assert AuditEvent.objects.filter(action="model.checked", details__passed=True).exists()


def test_a_bundle_that_cannot_be_loaded_never_serves(retired: ModelVersion, adam: User) -> None:
    storage.write(f"{retired.bundle_key}/weights.safetensors", b"altered")
    job = ask(retired, by=adam)
    parcel = sent(job)
    job.refresh_from_db()
    engines.cache_clear()
    with pytest.raises(WorkFailed, match="refused"):
        classified(parcel_of([job], id=job.message, silence=60))
    assert parcel
    retired.refresh_from_db()
    assert retired.status == ModelStatus.RETIRED


BAD = [
    ({"benign": 1.0}, "other classes"),
    ({"benign": 0.9, "early_pre_b": 0.9, "pre_b": 0.0, "pro_b": 0.0}, "shares of one"),
]


@pytest.mark.parametrize(("scores", "fault"), BAD)
def test_an_answer_that_cannot_be_leaves_the_other_version_serving(
    retired: ModelVersion, adam: User, scores: dict[str, float], fault: str
) -> None:
    check = answer(ask(retired, by=adam), scores)
    assert check.passed is False and fault in check.fault
    retired.refresh_from_db()
    assert retired.status == ModelStatus.RETIRED


def test_another_answer_than_the_first_time_is_found(retired: ModelVersion, adam: User) -> None:
    assert answer(ask(retired, by=adam), GOOD).passed
    two = ModelVersion.objects.get(name="two")
    model_promote(two, by=adam, reason="Forth")
    moved = GOOD | {"benign": 0.9 - 2 * SAME, "pro_b": 0.02 + 2 * SAME}
    retired.refresh_from_db()
    check = answer(ask(retired, by=adam), moved)
    assert check.passed is False and "than it did before" in check.fault


def test_what_serves_is_not_tried(retired: ModelVersion, adam: User) -> None:
    with pytest.raises(VersionServesAlready):
        check_open(ModelVersion.objects.get(name="two"), by=adam, reason="Again")
