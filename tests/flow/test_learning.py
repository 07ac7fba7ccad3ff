"""Learning from nothing and judging on the frozen test set, in a real worker, by script alone."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local.client import Client
from tests.chaos.processes import family_of
from tests.flow.conftest import Stack
from training_worker.synthetic import write_folder
from training_worker.tasks import NICENESS

pytestmark = pytest.mark.chaos

PER_CLASS = 28
SECONDS = 240
STOPPED_SECONDS = 20
VERSIONS = "SELECT count(*) FROM registry_modelversion"
TOKEN = """
from hemaqueue.accounts.models import User
from hemaqueue.accounts.scopes import Scope
from hemaqueue.audit.tokens import token_make
adam = User.objects.get(username="adam")
print("TOKEN" + token_make(days=1, scopes=list(Scope), by=adam)[1])
"""


@pytest.fixture(scope="module")
def adam(stack: Stack) -> Iterator[Client]:
    said = stack.installation.manage("shell", "-c", TOKEN)
    client = Client(stack.installation.port, said.partition("TOKEN")[2].strip())
    yield client
    client.close()


def done(answer: tuple[int, dict[str, Any]], status: int) -> dict[str, Any]:
    assert answer[0] == status, json.dumps(answer[1])
    return answer[1]


def zipped(folder: Path) -> Path:
    """Return a ZIP of drawn smears, a folder for each class."""
    write_folder(folder / "set", per_class=PER_CLASS, seed=7, size=64)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted((folder / "set").rglob("*.*")):
            archive.write(path, path.relative_to(folder / "set").as_posix())
    made = folder / "set.zip"
    made.write_bytes(buffer.getvalue())
    return made


@pytest.fixture(scope="module")
def dataset(stack: Stack, adam: Client, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a data set that was looked over and imported."""
    said = {"name": "Drawn", "image_kind": "synthetic"}
    file = zipped(tmp_path_factory.mktemp("drawn"))
    found = done(adam.form("/api/v1/datasets/", said, {"file": file}), 201)
    done(adam.post(f"{found['url']}import/", {}), 202)

    def imported() -> bool:
        state = adam.get(found["url"])[1]["state"]
        assert state not in ("failed", "cancelled")
        return bool(state == "imported")

    stack.watch(imported, seconds=SECONDS)
    return str(found["id"])


def ended(client: Client, url: str) -> Callable[[], bool]:
    def look() -> bool:
        run = client.get(url)[1]
        assert run["error"] is None, run["error"]
        return bool(run["final"])

    return look


def test_a_network_learns_from_nothing_and_is_judged_on_what_was_kept(
    stack: Stack, adam: Client, dataset: str
) -> None:
    kind = {"image_kind": "synthetic", "datasets": [dataset], "confirmed": False}
    why = {"percent": 20, "reason": "Kept for judging"}
    done(adam.post("/api/v1/test-sets/", kind | why), 201)
    snapshot = done(adam.post("/api/v1/snapshots/", kind), 201)
    order = {"image_kind": "synthetic", "network": "smearnet", "snapshot": snapshot["id"],
             "epochs": 1, "input_size": 32, "batch_size": 16}  # fmt: skip
    run = done(adam.post("/api/v1/training/runs/", order), 202)
    stack.watch(ended(adam, run["url"]), seconds=SECONDS)
    run = adam.get(run["url"])[1]
    assert run["fault"] == ""
    assert len(run["curve"]) == 1
    assert run["metrics"]["frozen"]["n"] >= 4

    scored = f"/api/v1/models/{run['candidate']}/evaluations/"
    stack.watch(lambda: bool(adam.get(scored)[1]["results"]), seconds=SECONDS)
    done(adam.post(scored, {}), 202)

    def judged() -> bool:
        said = adam.get(scored)[1]
        assert said["judging"] not in ("failed", "dead", "cancelled")
        return any(one["split"].startswith("frozen test set") for one in said["results"])

    stack.watch(judged, seconds=SECONDS)
    newest = adam.get(scored)[1]["results"][0]
    assert newest["n"] == run["metrics"]["frozen"]["n"]
    assert newest["colour_only_accuracy"] is not None
    beside = adam.get(f"/api/v1/models/{run['candidate']}/against/{run['base']}/")[1]
    assert (beside["n"], beside["this"]["split"]) == (newest["n"], newest["split"])
    gates = {one["name"]: one for one in adam.get(run["url"])[1]["gates"]}
    assert gates["macro_f1"]["before"] is not None, "the one that serves was judged beside it"


def test_a_run_that_is_called_off_ends_within_seconds_and_leaves_nothing(
    stack: Stack, adam: Client, dataset: str
) -> None:
    kind = {"image_kind": "synthetic", "datasets": [dataset], "confirmed": False}
    snapshot = done(adam.post("/api/v1/snapshots/", kind), 201)
    order = {"image_kind": "synthetic", "network": "smearnet", "snapshot": snapshot["id"],
             "epochs": 200, "input_size": 32, "batch_size": 16}  # fmt: skip
    versions = stack.rows(VERSIONS)
    run = done(adam.post("/api/v1/training/runs/", order), 202)
    stack.watch(lambda: bool(adam.get(run["url"])[1]["curve"]), seconds=SECONDS)
    job = str(stack.rows("SELECT id FROM jobs_job WHERE subject = %s", run["id"])[0][0])
    place = stack.installation.data / "checkpoints" / job
    assert place.is_dir()
    learners = family_of(stack.installation.supervisor.processes()["training"])
    assert {os.getpriority(os.PRIO_PROCESS, one) for one in learners} == {NICENESS}

    done(adam.post(f"{run['url']}cancel/", {}), 202)
    stack.watch(
        lambda: adam.get(run["url"])[1]["final"] and not place.exists(), seconds=STOPPED_SECONDS
    )
    run = adam.get(run["url"])[1]
    assert (run["state"], run["candidate"]) == ("cancelled", None)
    assert len(run["curve"]) < order["epochs"]
    assert stack.rows(VERSIONS) == versions
    assert not list(stack.installation.data.rglob(f"{job}-*")), "no bundle was stored"
