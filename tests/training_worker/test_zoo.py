"""Every network is trained, judged, served and explained by the same commands.

All of them on four cores: `./hemaqueue test --full tests/training_worker/test_zoo.py -n 4 --dist
worksteal`. Most of the time goes into building graphs of hundreds of layers.
"""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pytest

from inference_worker import engine
from inference_worker.bundle import Bundle
from inference_worker.engine import Engine
from inference_worker.preprocessing import preprocess
from inference_worker.reading import read_input
from jobcontract.messages import SealedFile
from tests.inference_worker.making import LARGE, SIZE, SMALL
from tests.training_worker.drawing import write_folders
from training_worker import evaluate, train
from training_worker.samples import folder_samples, read_pixels

SLOW = [*reversed(LARGE), "mobilenet_v2"]  # about the longest first
QUICK = [name for name in SMALL if name not in SLOW]
LONG = [pytest.param(name, marks=pytest.mark.long) for name in SLOW]
HALF = len(LONG) // 2
NAMES = [
    name
    for four in zip_longest(LONG[:HALF], QUICK[::2], LONG[HALF:], QUICK[1::2])
    for name in four
    if name is not None
]
"""Dealt for four processes: each begins with a long one, and what it has next is a quick one.

A process keeps what it has next: of two long ones in a row nobody would take the second.
"""

OTHER_HEADS = {"lenet_lld", "rank_ensemble"}
"""Networks whose logits come of a layer without weights: one goes on from its own bundle, too."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_folders(root / "train", per_class=3)
    write_folders(root / "val", per_class=1, seed=1)
    return root


@pytest.fixture
def judges(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """The engines that `evaluate` has built: a graph of hundreds of layers is frozen once."""
    built: list[Engine] = []

    class Kept(Engine):
        def __init__(self, bundle: Bundle) -> None:
            super().__init__(bundle)
            built.append(self)

    monkeypatch.setattr(engine, "Engine", Kept)
    return built


@pytest.mark.parametrize("name", NAMES)
def test_a_network_goes_all_the_way(
    name: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    judges: list[Engine],
) -> None:
    size, out = LARGE.get(name, SIZE), tmp_path / "bundle"
    given = ["--data", str(data), "--network", name, "--out", str(out), "--epochs", "1"]
    given += ["--input-size", str(size), "--threads", "1", "--batch-size", "8"]
    assert train.main([*given, "--parameters", json.dumps(SMALL.get(name, {}))]) == 0
    capsys.readouterr()
    assert evaluate.main(["--bundle", str(out), "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 4
    served_and_trained_see_the_same(judges.pop(), data)
    if name in OTHER_HEADS:
        given[given.index(str(out))] = str(tmp_path / "next")
        given += ["--pretrained", str(out), "--parameters", json.dumps(SMALL[name])]
        assert train.main(given) == 0


def served_and_trained_see_the_same(served_by: Engine, data: Path) -> None:
    facts = served_by.facts
    samples = folder_samples(data / "val", classes=facts.classes)
    served = read_input(facts, SealedFile("k", ""), read=lambda _: samples[0].path.read_bytes())
    trained = read_pixels(
        samples, codes=facts.codes, steps=facts.preprocessing, size=facts.input_size
    ).pictures
    assert np.array_equal(trained[0], served)
    answers = served_by.answer(trained)
    assert answers.scores.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert np.isfinite(answers.distances).all()
    covered = [served_by.occluded(trained[0], index) for index, _ in enumerate(facts.classes)]
    for grids in (answers.grids, np.stack(covered)):
        assert set(grids.max(axis=(1, 2)).tolist()) <= {0.0, 1.0}
        if grids.shape[1:] != (1, 1):  # a map of one place is all evidence, or none
            assert grids.min() == 0
    if np.ptp(answers.scores, axis=0).any():  # deep networks answer alike after one epoch
        assert max(grid.max() for grid in covered) == 1, "what is covered changes the scores"


def test_a_bundle_names_another_preprocessing_than_the_next(data: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    versions = [preprocess(picture, steps=one, size=SIZE) for one in ("p1", "p1-median", "cell")]
    assert not np.array_equal(versions[0], versions[1])
    assert not np.array_equal(versions[0], versions[2])
