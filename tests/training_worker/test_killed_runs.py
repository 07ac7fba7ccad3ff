"""A run whose process is killed twice goes on each time where its last epoch ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from inference_worker.bundle import read_bundle
from jobcontract import storage
from jobcontract.messages import ModelReference, TrainedModel
from tests.training_worker.test_fine_tuning import CODES, parcel, reference

__all__ = ["reference"]

EPOCHS = 6
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


def killed_after(epochs: int, command: list[str], curve: Path) -> list[dict[str, Any]]:
    """Run until so many epochs are told, kill -9, and return the curve as it stood."""
    with subprocess.Popen(command) as process:
        deadline = time.monotonic() + 120
        while len(epochs_told(curve)) < epochs:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
    return epochs_told(curve)


def test_two_kills_cost_no_epoch_that_was_told(
    reference: ModelReference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = parcel(reference, per_class=12, labels=CODES).to_json()
    asked["bodies"][0]["epochs"] = EPOCHS
    letter, curve = tmp_path / "parcel.json", tmp_path / "curve.json"
    letter.write_text(json.dumps(asked))
    command = [sys.executable, "-c", RUN, str(letter), str(curve)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    first = killed_after(1, command, curve)
    second = killed_after(3, command, curve)
    subprocess.run(command, check=True, timeout=120)
    found = epochs_told(curve)
    assert [one["epoch"] for one in found] == list(range(1, EPOCHS + 1))
    assert (found[: len(first)], found[: len(second)]) == (first, second)
    trained = TrainedModel.from_json(json.loads(curve.with_suffix(".done").read_text()))
    bundles = [key for key in storage.keys("candidates") if key.endswith("bundle.json")]
    assert bundles == [f"{trained.bundle_key}/bundle.json"], "one version comes out"
    assert read_bundle(
        lambda name: storage.read(f"{trained.bundle_key}/{name}"), digest=trained.digest
    )
