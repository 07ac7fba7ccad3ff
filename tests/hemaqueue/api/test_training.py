"""Training through the interface: start, watch, promote, reject."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.api import answers
from hemaqueue.jobs.states import JobState
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.training.models import TrainingRun
from hemaqueue.training.networks import NETWORKS
from hemaqueue.training.snapshots import snapshot_freeze
from tests import factories
from tests.hemaqueue.training.confirming import a_run, confirm_enough, learned
from tests.hemaqueue.training.leaving import METRICS, TRAINING
from tests.people import Script

RUNS = "/api/v1/training/runs/"


@pytest.fixture(autouse=True)
def two_are_enough(settings: Any, serving: ModelVersion) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"TRAINING_LABELS_PER_CLASS": 2}


def a_candidate() -> ModelVersion:
    facts = factories.FACTS | {"metrics": METRICS, "training": TRAINING}
    return factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE, facts=facts)


def test_a_run_is_accepted_and_asking_again_brings_it(adam: User, clara: User) -> None:
    confirm_enough(by=clara)
    first = Script(adam).post(RUNS, {"image_kind": "synthetic", "epochs": 3})
    again = Script(adam).post(RUNS, {"image_kind": "synthetic"})
    assert first.status_code == again.status_code == 202
    assert first["Location"] == again["Location"] == first.json()["url"]
    said = first.json()
    assert list(said) == [one.name for one in dataclasses.fields(answers.TrainingRunAnswer)]
    assert (said["state"], said["epochs"], said["candidate"]) == ("queued", 3, None)
    assert said["snapshot"]["counts"] == dict.fromkeys(factories.CLASSES, 2)
    assert Script(adam).get(said["url"]).json() == said
    assert [one["id"] for one in Script(adam).get(RUNS).json()["results"]] == [said["id"]]


def test_too_few_labels_have_a_code_of_their_own(adam: User) -> None:
    said = Script(adam).post(RUNS, {"image_kind": "synthetic"})
    assert (said.status_code, said.json()["code"]) == (422, "too_few_labels")


def test_a_version_names_its_snapshot_its_run_and_its_parent(adam: User, clara: User) -> None:
    run = a_run(by=adam, state=JobState.SUCCEEDED)
    run.candidate = a_candidate()
    run.save()
    said = {one["id"]: one for one in Script(clara).get("/api/v1/models/").json()["results"]}
    one, base = said[str(run.candidate.pk)], said[str(run.base.pk)]
    assert (one["run"], one["parent"], one["judged_beside"]) == (
        str(run.pk), str(run.base.pk), str(run.base.pk),
    )  # fmt: skip
    assert (one["snapshot_number"], one["snapshot_digest"]) == (1, "0" * 64)
    assert one["training"]["settings"]["seed"] == 3
    assert (base["run"], base["parent"], base["snapshot_url"]) == (None, None, None)
    snapshot = Script(adam).get(one["snapshot_url"]).json()
    assert (snapshot["number"], snapshot["without_person"]) == (1, 0)
    assert Script(adam).get(one["run_url"]).json()["candidate"] == one["id"]


def test_a_kind_that_no_model_serves_cannot_be_trained(adam: User) -> None:
    said = Script(adam).post(RUNS, {"image_kind": "cell"})
    assert (said.status_code, said.json()["code"]) == (409, "no_model_serves")


@pytest.mark.parametrize("body", [{}, {"image_kind": "x"}, {"image_kind": "cell", "epochs": 0}])
def test_what_cannot_be_is_refused(adam: User, body: dict[str, Any]) -> None:
    assert Script(adam).post(RUNS, body).status_code == 400


def test_a_finished_run_names_its_candidate_and_the_gates(adam: User) -> None:
    run = a_run(by=adam, state=JobState.SUCCEEDED)
    candidate = a_candidate()
    TrainingRun.objects.filter(pk=run.pk).update(candidate=candidate, metrics=METRICS)
    said = Script(adam).get(f"{RUNS}{run.pk}/").json()
    assert (said["state"], said["candidate"]) == ("succeeded", str(candidate.pk))
    assert said["metrics"]["serving"]["accuracy"] == 0.85
    passed = {gate["name"]: gate["passed"] for gate in said["gates"]}
    assert (passed["malignant_sensitivity"], passed["macro_f1"]) == (True, None)


def test_promotion_is_recorded_with_its_reason(adam: User, serving: ModelVersion) -> None:
    candidate = a_candidate()
    address = f"/api/v1/models/{candidate.pk}/promote/"
    assert Script(adam).post(address, {}).status_code == 400
    blocked = Script(adam).post(address, {"reason": "Better"})
    assert (blocked.status_code, blocked.json()["code"]) == (409, "gates_failed")
    gates = {one["code"]: one["detail"] for one in blocked.json()["errors"]}
    assert gates["macro_f1"] == "Macro F1: no figure, nothing to compare with."
    assert "images" not in gates, "it was reached"
    said = Script(adam).post(address, {"reason": "Better", "override": "A test"})
    assert (said.status_code, said.json()["status"]) == (200, "serving")
    serving.refresh_from_db()
    assert serving.status == ModelStatus.RETIRED


def test_a_rejected_version_cannot_be_promoted(adam: User) -> None:
    address = f"/api/v1/models/{a_candidate().pk}/"
    assert Script(adam).post(f"{address}reject/", {"reason": "No"}).json()["status"] == "rejected"
    said = Script(adam).post(f"{address}promote/", {"reason": "Yes"})
    assert (said.status_code, said.json()["code"]) == (409, "rejected")


def test_a_version_that_does_not_exist_is_not_found(adam: User) -> None:
    said = Script(adam).post(f"/api/v1/models/{uuid.uuid4()}/promote/", {"reason": "Yes"})
    assert said.status_code == 404


PREVIEW = "/api/v1/training/preview/"


def test_a_preview_says_how_long_an_order_should_take(adam: User, clara: User) -> None:
    confirm_enough(by=clara)
    (said,) = Script(adam).get(PREVIEW).json()["results"]
    assert list(said) == [one.name for one in dataclasses.fields(answers.TrainingPreviewAnswer)]
    assert (said["network"], said["snapshot"], said["seconds_expected"]) == ("", None, None)
    learned(by=adam, network=NETWORKS[0])
    asked = f"{PREVIEW}?image_kind=synthetic&network={NETWORKS[0]}&epochs=10"
    (said,) = Script(adam).get(asked).json()["results"]
    assert (said["network"], said["epochs"]) == (NETWORKS[0], 10)
    assert said["seconds_expected"] == 160.0  # 8 images, 2 s each an epoch


def test_a_preview_of_a_snapshot_is_of_its_images(adam: User, clara: User) -> None:
    confirm_enough(by=clara)
    snapshot = snapshot_freeze("synthetic", by=adam)
    confirm_enough(by=clara)
    (said,) = Script(adam).get(f"{PREVIEW}?snapshot={snapshot.pk}").json()["results"]
    assert (said["image_kind"], said["snapshot"]) == ("synthetic", str(snapshot.pk))
    assert {(one["total"], one["new"], one["groups"]) for one in said["classes"]} == {(2, 2, 2)}
    assert said["may_start"]
    (said,) = (
        Script(adam).get(f"{PREVIEW}?snapshot={snapshot.pk}&image_kind=synthetic").json()["results"]
    )
    assert said["snapshot"] == str(snapshot.pk)
    assert Script(adam).get(f"{PREVIEW}?snapshot={uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("asked", ["network=nonesuch", "epochs=0", "image_kind=x", "snapshot=7"])
def test_a_preview_of_what_cannot_be_is_refused(adam: User, asked: str) -> None:
    assert Script(adam).get(f"{PREVIEW}?{asked}").status_code == 400


def test_a_run_says_how_long_it_will_take_still(adam: User) -> None:
    progress = {"epoch": 2, "seconds": 40.0}
    run = a_run(by=adam, state=JobState.RUNNING, progress=progress)
    assert Script(adam).get(f"{RUNS}{run.pk}/").json()["seconds_left"] == 60.0
    over = learned(by=adam)
    assert Script(adam).get(f"{RUNS}{over.pk}/").json()["seconds_left"] is None


def test_a_run_is_as_patient_as_it_was_asked_to_be(adam: User, clara: User) -> None:
    confirm_enough(by=clara)
    asked = {"image_kind": "synthetic", "epochs": 40, "patience": 3}
    assert Script(adam).post(RUNS, asked | {"patience": -1}).status_code == 400
    said = Script(adam).post(RUNS, asked).json()
    assert (said["settings"], said["ended_early"]) == ({"patience": 3}, None)
    run = TrainingRun.objects.get()
    assert run.job and run.job.payload["settings"] == {"patience": 3}
    curve = [{"epoch": 8, "seconds": 4.0, "since_best": 2}]
    for since_best, epochs, ended in ((2, 40, None), (3, 40, 8), (3, 8, None)):
        curve[0]["since_best"] = since_best
        TrainingRun.objects.filter(pk=run.pk).update(curve=curve, epochs=epochs)
        assert Script(adam).get(said["url"]).json()["ended_early"] == ended
