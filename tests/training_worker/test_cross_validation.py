"""`train --folds`, a process per fold, from a folder of files to mean and spread."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference_worker.bundle import load_bundle
from tests.training_worker.drawing import write_folders
from training_worker import train

SMALL = (
    "--input-size", "32", "--batch-size", "16", "--epochs", "1", "--image-kind", "synthetic",
    "--parameters", '{"widths": [4, 8, 8, 8]}', "--folds", "2", "--jobs", "2", "--json",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_folders(root / "train", per_class=8)
    write_folders(root / "val", per_class=1, seed=1)
    return root


@pytest.fixture(scope="module")
def out(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    assert train.main(["--data", str(data), "--out", str(folder), *SMALL]) == 0
    return folder


def again(data: Path, out: Path, *more: str) -> int:
    return train.main(["--data", str(data), "--out", str(out), *SMALL, *more])


def test_each_fold_scores_what_its_bundle_never_saw(out: Path) -> None:
    report = json.loads((out / "report.quick.json").read_text())
    assert report["n"] == report["plan"]["images"] == 32
    for fold in report["folds"]:
        learned = fold["dataset"]
        seen = sum(learned["learned"].values()) + sum(learned["held_out"].values())
        assert fold["n"] + seen == 32
        assert load_bundle(out / f"fold-{fold['fold']}").digest == fold["bundle"]
        assert fold["colour_only_baseline"]["specificity"] is not None


def test_a_killed_run_repeats_no_finished_fold(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (out / "report.quick.json").read_text()
    first = (out / "fold-1.quick.json").stat().st_mtime_ns
    (out / "fold-2.quick.json").unlink()
    (out / "report.quick.json").unlink()
    assert again(data, out, "--resume") == 0
    assert json.loads(capsys.readouterr().out) == json.loads(before)
    assert (out / "fold-1.quick.json").stat().st_mtime_ns == first


def test_another_recipe_is_not_mixed_in(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert again(data, out, "--resume", "--seed", "7") == 2
    assert "was started otherwise (settings)" in capsys.readouterr().err


def test_a_fold_that_fails_is_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert again(data, tmp_path, "--parameters", '{"depths": [1]}') == 2
    said = capsys.readouterr().err
    assert "Fold 1 ended with" in said
    assert "Fold 2 ended with" in said
    assert "zip() argument" in (tmp_path / "fold-1.log").read_text()


def test_one_fold_is_refused(data: Path, tmp_path: Path) -> None:
    assert train.main(["--data", str(data), "--out", str(tmp_path), "--folds", "1"]) == 2
