"""Data sets, snapshots and the test set through the interface."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hemaqueue.accounts.models import User
from hemaqueue.api import answers
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import Dataset
from tests import factories
from tests.archives import zipped
from tests.hemaqueue.training.confirming import a_run, confirm_enough
from tests.hemaqueue.training.importing import imported, pictures
from tests.people import Script

API = "/api/v1"


@pytest.fixture(autouse=True)
def few_are_enough(settings: Any, serving: ModelVersion) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"TRAINING_LABELS_PER_CLASS": 2}


def send(by: User, data: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile("set.zip", data, "application/zip")
    given = {"file": file, "name": "Set", "image_kind": "synthetic"} | more
    script = Script(by)
    return script.client.post(f"{API}/datasets/", given, headers=script.headers)


def test_a_zip_is_looked_over_named_and_imported(adam: User) -> None:
    answer = send(adam, zipped({"Benign/a.png": b"x", "cat/b.png": b"x"}))
    said = answer.json()
    assert (answer.status_code, said["state"]) == (201, "looked_over")
    assert list(said) == [one.name for one in dataclasses.fields(answers.DatasetAnswer)]
    assert said["classes"] == {"Benign": "benign", "cat": ""}
    begun = Script(adam).post(f"{said['url']}import/", {"classes": {"cat": "pro_b"}})
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    again = Script(adam).post(f"{said['url']}import/", {})
    assert (again.status_code, again.json()["code"]) == (409, "import_began")
    assert Dataset.objects.get().names["cat"] == "pro_b"


def test_the_same_request_twice_is_one_set(adam: User) -> None:
    script, data = Script(adam), zipped({"Benign/a.png": b"x"})  # a ZIP bears the time it was made
    for _ in range(2):
        file = SimpleUploadedFile("set.zip", data, "application/zip")
        given = {"file": file, "name": "Set", "image_kind": "synthetic"}
        headers = script.headers | {"Idempotency-Key": "one"}
        assert script.client.post(f"{API}/datasets/", given, headers=headers).status_code == 201
    assert Dataset.objects.count() == 1


def test_bad_files_are_told_with_their_codes(adam: User) -> None:
    dataset = imported(pictures("Benign/a.png") | {"Benign/b.png": b""}, by=adam)
    said = Script(adam).get(f"{API}/datasets/{dataset.pk}/").json()
    assert (said["state"], said["faults"], said["counts"]) == (
        "imported", {"empty_file": 1}, {"benign": 1},
    )  # fmt: skip
    faults = Script(adam).get(f"{API}/datasets/{dataset.pk}/faults/?code=empty_file").json()
    assert [one["filename"] for one in faults["results"]] == ["Benign/b.png"]


def test_snapshots_are_frozen_compared_and_exported(adam: User, clara: User) -> None:
    confirm_enough(by=clara)
    first = Script(adam).post(f"{API}/snapshots/", {"image_kind": "synthetic"})
    assert (first.status_code, first.json()["folds"]) == (201, 2)
    second = Script(adam).post(f"{API}/snapshots/", {"image_kind": "synthetic"}).json()
    diff = Script(adam).get(f"{second['url']}diff/{first.json()['id']}/").json()
    assert (diff["same"], diff["added"], diff["moved"]) == (8, {}, [])
    wish = {"kind": "snapshot", "format": "yolo", "snapshot": second["id"]}
    assert Script(adam).post(f"{API}/exports/", wish).status_code == 202
    assert Script(clara).post(f"{API}/exports/", wish).status_code == 404


def test_what_a_snapshot_holds_and_leaves_out_is_read_page_by_page(adam: User, clara: User) -> None:
    images = confirm_enough(by=clara)
    for image in images[:3]:
        SmearImage.objects.filter(pk=image.pk).update(withdrawn_at=image.uploaded_at)
    dataset = imported(pictures("Benign/a.png"), by=adam)
    asked = {"image_kind": "synthetic", "datasets": [str(dataset.pk)]}
    made = Script(adam).post(f"{API}/snapshots/", asked).json()
    held = pages(adam, f"{made['url']}images/?page_size=4")
    assert [len(page) for page in held] == [4, 2]
    rows = {row["sha256"]: row for page in held for row in page}
    assert set(rows) == {one.sha256 for one in images[3:]} | {dataset.images.get().sha256}
    row = rows[images[3].sha256]
    assert (row["image"], row["label"], row["dataset"]) == (
        str(images[3].pk), "early_pre_b", None,
    )  # fmt: skip
    assert rows[dataset.images.get().sha256]["dataset"] == str(dataset.pk)
    left = pages(adam, f"{made['url']}exclusions/?page_size=2")
    assert [len(page) for page in left] == [2, 1]
    found = {(row["sha256"], row["reason"]) for page in left for row in page}
    assert found == {(one.sha256, "image_withdrawn") for one in images[:3]}
    for name in ("images", "exclusions"):
        refused = Script(adam).get(f"{made['url']}{name}/?after=no")
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


def pages(by: User, address: str) -> list[list[dict[str, Any]]]:
    found = []
    while address:
        said = Script(by).get(address).json()
        found.append(said["results"])
        address = said["next"]
    return found


def test_the_test_set_grows_and_says_how(adam: User, clara: User) -> None:
    confirm_enough(by=clara, per_class=4)
    asked = {"image_kind": "synthetic", "percent": 50, "reason": "The first."}
    said = Script(adam).post(f"{API}/test-sets/", asked)
    assert (said.status_code, said.json()["images"]) == (201, 8)
    read = Script(adam).get(f"{API}/test-sets/?image_kind=synthetic").json()
    assert read["additions"][0]["reason"] == "The first."
    assert sum(read["counts"].values()) == 8


def test_a_preview_says_what_would_be_learned(adam: User, clara: User) -> None:
    confirm_enough(by=clara)
    said = Script(adam).get(f"{API}/training/preview/").json()["results"][0]
    assert (said["may_start"], [one["new"] for one in said["classes"]]) == (True, [2] * 4)
    assert Script(adam).get(f"{API}/training/preview/?image_kind=x").status_code == 400


def test_a_run_from_nothing_on_a_snapshot_and_its_end(adam: User, clara: User) -> None:
    confirm_enough(by=clara)
    snapshot = Script(adam).post(f"{API}/snapshots/", {"image_kind": "synthetic"}).json()["id"]
    asked = {"image_kind": "synthetic", "network": "cnn4", "snapshot": snapshot, "epochs": 3}
    said = Script(adam).post(f"{API}/training/runs/", asked | {"batch_size": 8}).json()
    assert (said["network"], said["settings"], said["snapshot"]["id"]) == (
        "cnn4", {"batch_size": 8}, snapshot,
    )  # fmt: skip
    ended = Script(adam).post(f"{said['url']}cancel/", {})
    assert (ended.status_code, ended.json()["state"]) == (202, "cancelled")


def test_a_running_run_is_asked_to_stop(adam: User) -> None:
    run = a_run(by=factories.adam(), state="running")
    said = Script(adam).post(f"{API}/training/runs/{run.pk}/cancel/", {})
    assert said.status_code == 202
    run.refresh_from_db()
    assert run.job and run.job.cancel_requested
