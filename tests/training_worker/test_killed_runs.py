"""A run whose process is killed twice goes on each time where its last epoch ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from inference_worker.bundle import read_bundle
from jobcontract import storage
from jobcontract.messages import ModelReference, TrainedModel
from tests.training_worker.test_fine_tuning import CODES, parcel, reference

__all__ = ["reference"]

PATIENCE = 2
ASKED = {"epochs": 30, "settings": {"patience": PATIENCE, "learning_rate": 1e-7}}
RUN = """
import json, sys, pathlib
from jobcontract.messages import Parcel
from training_worker.fine_tuning import Told, fine_tuned
out = pathlib.Path(sys.argv[2])
def tell(facts):
    if "curve" in facts:
        part = out.with_suffix(".part")
        part.write_text(json.dumps(facts["curve"]))
        part.replace(out)
parcel = Parcel.from_json(json.loads(pathlib.Path(sys.argv[1]).read_text()))
(outcome,) = fine_tuned(parcel, told=Told(tell))
out.with_suffix(".done").write_text(json.dumps(outcome.body))
"""


def epochs_told(curve: Path) -> list[dict[str, Any]]:
    return json.loads(curve.read_text()) if curve.exists() else []


def killed_when(
    reached: Callable[[list[dict[str, Any]]], bool], command: list[str], curve: Path
) -> list[dict[str, Any]]:
    """Run until the epochs told are such, kill -9, and return the curve as it stood."""
    with subprocess.Popen(command) as process:
        deadline = time.monotonic() + 120
        while not reached(epochs_told(curve)):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
    return epochs_told(curve)


def test_two_kills_cost_no_epoch_that_was_told_and_no_patience(
    reference: ModelReference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = parcel(reference, per_class=12, labels=CODES).to_json()
    asked["bodies"][0].update(ASKED)
    letter, curve = tmp_path / "parcel.json", tmp_path / "curve.json"
    letter.write_text(json.dumps(asked))
    command = [sys.executable, "-c", RUN, str(letter), str(curve)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    first = killed_when(lambda told: len(told) >= 1, command, curve)
    second = killed_when(lambda told: any(one["since_best"] for one in told), command, curve)
    subprocess.run(command, check=True, timeout=120)
    found = epochs_told(curve)
    assert [one["epoch"] for one in found] == list(range(1, len(found) + 1))
    assert (found[: len(first)], found[: len(second)]) == (first, second)
    waited = [one["since_best"] for one in found]
    assert all(b in (0, a + 1) for a, b in pairwise(waited)), "the count goes on after a kill"
    assert waited.index(PATIENCE) == len(found) - 1
    trained = TrainedModel.from_json(json.loads(curve.with_suffix(".done").read_text()))
    bundles = [key for key in storage.keys("candidates") if key.endswith("bundle.json")]
    assert bundles == [f"{trained.bundle_key}/bundle.json"], "one version comes out"
    bundle = read_bundle(
        lambda name: storage.read(f"{trained.bundle_key}/{name}"), digest=trained.digest
    )
    assert (bundle.facts.training["epochs"], bundle.facts.training["ended_early"]) == (
        len(found), True,
    )  # fmt: skip
    card = storage.read(f"{trained.bundle_key}/card.md").decode()
    assert f"{len(found)} epochs in " in card
    assert "minutes (of 30; ended early: nothing got better for 2), seed 0;" in card
