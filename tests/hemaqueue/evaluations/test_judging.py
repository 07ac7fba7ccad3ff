"""What a run makes is judged beside the version it came from, and the reports are kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hemaqueue.common.errors import Missing
from hemaqueue.evaluations.gates import gates_of
from hemaqueue.evaluations.models import Evaluation, Source
from hemaqueue.evaluations.subgroups import subgroups_told
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.services import jobs_finished
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.judging import (
    JudgingGoesOn,
    NoTestSet,
    candidate_judged,
    version_judged,
)
from hemaqueue.pipeline.steps import after_success
from hemaqueue.registry.models import ModelStatus
from hemaqueue.training.models import TrainingRun
from hemaqueue.training.snapshots import manifest_seal
from jobcontract import storage
from jobcontract.judging import EvaluateModel
from jobcontract.messages import ModelReference
from jobcontract.names import Queue, Work
from jobcontract.sealing import read_shared
from jobcontract.splits import FROZEN
from tests import factories, judging
from tests.hemaqueue.jobs.ledger import sent, success
from tests.hemaqueue.training import importing
from tests.hemaqueue.training.confirming import a_run

pytestmark = pytest.mark.django_db
KEY = "evaluations/job-1.json"


@pytest.fixture
def run(db: None) -> TrainingRun:
    run = a_run(by=factories.adam(), state=JobState.SUCCEEDED)
    run.candidate = factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)
    run.save()
    return run


def asked_for(run: TrainingRun) -> Job:
    job = candidate_judged(run)
    assert job
    return job


def told(run: TrainingRun, *reports: dict[str, Any]) -> None:
    job = asked_for(run)
    storage.write(KEY, json.dumps(reports).encode())
    after_success(jobs_finished(sent(job), [success(job, key=KEY)]))


def test_the_candidate_and_its_base_are_judged_by_the_training_worker(run: TrainingRun) -> None:
    job = asked_for(run)
    assert (job.work, job.queue) == (Work.EVALUATE_MODEL, Queue.TRAINING)
    assert run.candidate and job.shared["digest"] == run.candidate.digest
    asked = EvaluateModel.from_json(job.payload)
    assert ModelReference.from_json(asked.against).digest == run.base.digest
    assert asked.seed == run.seed


def test_both_reports_are_kept_and_the_gates_read_them(
    run: TrainingRun, django_capture_on_commit_callbacks: Any
) -> None:
    assert run.candidate
    with django_capture_on_commit_callbacks(execute=True):
        told(run, judging.report(run.candidate), judging.report(run.base))
    kept = Evaluation.objects.all()
    assert {one.model for one in kept} == {run.candidate, run.base}
    assert {(one.source, one.by) for one in kept} == {(Source.WORKER, run.requested_by)}
    f1 = {gate.name: gate for gate in gates_of(run.candidate)}["macro_f1"]
    assert (f1.before, f1.passed) == (0.95, True)
    assert not storage.exists(KEY), "the database has it now"


def test_subgroups_come_from_what_the_platform_knows(run: TrainingRun) -> None:
    assert run.candidate
    here = factories.image()
    blurred = factories.image(quality_flags=["out_of_focus"])
    rows = [
        judging.row(here.sha256, "benign", "benign"),
        judging.row(blurred.sha256, "pro_b", "benign"),
        *judging.some_rows(),
    ]
    told(run, judging.report(run.candidate, rows))
    groups = Evaluation.objects.get().report["subgroups"]
    assert groups["site"] == {
        "Demo Laboratory": {
            "n": 2, "accuracy": 0.5, "macro_recall": 0.5, "sensitivity": 0.0, "specificity": 1.0,
        }
    }  # fmt: skip
    assert {name: one["n"] for name, one in groups["quality"].items()} == {
        "good": 1, "out_of_focus": 1,
    }  # fmt: skip


def test_imported_pictures_are_parted_by_their_data_set(run: TrainingRun) -> None:
    assert run.candidate
    files = importing.pictures("benign/a.png", "benign/b.png")
    dataset = importing.imported(files, by=factories.adam(), name="Lent by a colleague")
    rows = [judging.row(one.sha256, "benign", "benign") for one in dataset.images.all()]
    told(run, judging.report(run.candidate, [*rows, *judging.some_rows()]))
    groups = Evaluation.objects.get().report["subgroups"]
    assert set(groups) == {"dataset"}
    assert groups["dataset"]["Lent by a colleague"]["n"] == 2


def test_imported_pictures_are_parted_by_what_their_manifest_said(run: TrainingRun) -> None:
    assert run.candidate
    names = [f"{number}.png" for number in range(22)]
    said = [
        f"{name},Benign,{'Axio' if at < 20 else 'Pannoramic'},30" for at, name in enumerate(names)
    ]
    files = {"list.csv": "\n".join(["file,class,device,age", *said])} | importing.pictures(*names)
    dataset = importing.imported(files, by=factories.adam())
    rows = [judging.row(one.sha256, "benign", "benign") for one in dataset.images.all()]
    told(run, judging.report(run.candidate, [*rows, *judging.some_rows()]))
    groups = subgroups_told(Evaluation.objects.get().report)
    assert set(groups) == {"dataset", "device", "age"}
    assert groups["device"]["Pannoramic"] == {"n": 2, "too_few": True}
    assert (groups["device"]["Axio"]["n"], groups["device"]["Axio"]["accuracy"]) == (20, 1.0)
    assert groups["age"]["18-39"]["n"] == 22


def test_a_run_that_made_nothing_is_not_judged(run: TrainingRun) -> None:
    run.candidate = None
    assert candidate_judged(run) is None


def test_a_version_is_judged_on_the_frozen_test_set_beside_the_one_that_serves(
    run: TrainingRun,
) -> None:
    adam, candidate = factories.adam(), run.candidate
    assert candidate
    with pytest.raises(NoTestSet):
        version_judged(candidate, by=adam)
    judging.kept_for_judging(factories.image(), kind=candidate.image_kind, by=adam)
    job = version_judged(candidate, by=adam)
    asked = EvaluateModel.from_json(job.payload)
    assert (asked.whole, asked.split) == (True, FROZEN)
    assert ModelReference.from_json(asked.against).digest == run.base.digest
    assert asked.manifest.key.startswith("snapshots/test-")
    assert asked.taught.key.startswith(f"snapshots/{run.snapshot_id.hex}")
    with pytest.raises(JudgingGoesOn):
        version_judged(candidate, by=adam)
    with pytest.raises(Missing):
        version_judged(candidate, by=factories.clara())


def test_a_later_order_leaves_the_manifests_of_an_earlier_one_readable(run: TrainingRun) -> None:
    adam, candidate = factories.adam(), run.candidate
    assert candidate
    judging.kept_for_judging(factories.image(), kind=candidate.image_kind, by=adam)
    earlier = EvaluateModel.from_json(version_judged(candidate, by=adam).payload)
    version_judged(run.base, by=adam)
    manifest_seal(run.snapshot)
    assert len(json.loads(read_shared(earlier.manifest))) == 1
    assert json.loads(read_shared(earlier.taught)) == []


def test_the_version_that_serves_is_judged_alone() -> None:
    adam, serving = factories.adam(), factories.ModelVersionFactory()
    judging.kept_for_judging(factories.image(), kind=serving.image_kind, by=adam)
    asked = EvaluateModel.from_json(version_judged(serving, by=adam).payload)
    assert (asked.against, asked.taught.key) == ({}, "")
