"""`train` and `evaluate`, from a folder of files to a bundle and its figures."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from inference_worker.bundle import load_bundle
from tests.training_worker.drawing import write_folders
from training_worker import evaluate, train

TRAIN = ("--input-size", "32", "--batch-size", "16", "--threads", "1", "--epochs", "2")
SMALL = ("--parameters", '{"widths": [4, 8, 8, 8]}')


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_folders(root / "train", per_class=12)
    write_folders(root / "val", per_class=4, seed=1)
    return root


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "small-1"
    given = ("--data", str(data), "--out", str(out), "--image-kind", "synthetic")
    assert train.main([*given, *TRAIN, *SMALL]) == 0
    return out


def test_the_bundle_states_everything(trained: Path) -> None:
    facts = load_bundle(trained).facts
    assert (facts.name, facts.demonstration) == ("small-1", True)
    assert facts.parameters["widths"] == [4, 8, 8, 8]
    assert facts.parameters["depths"] == [1, 1, 1], "defaults are written down"
    assert facts.training["epochs"] == 2
    assert facts.training["settings"]["recipe"]["grey_share"] > 0
    assert facts.dataset["images"] == 48
    assert facts.metrics["n"] == 16
    assert len(facts.code_version) == 12
    card = (trained / "card.md").read_text()
    assert "**Demonstration only.**" in card
    assert "| is, and is named | Benign |" in card
    assert "| heatmaps alike with a head drawn anew, rank correlation |" in card


def test_the_learning_curve_lies_beside_the_bundle(trained: Path) -> None:
    curve = json.loads((trained / "curve.json").read_text())
    assert [one["epoch"] for one in curve] == [1, 2]
    for one in curve:
        assert {"loss", "check_loss", "check_macro_recall", "seconds"} <= one.keys()
        assert 0 <= one["accuracy"] <= 1
        assert 0 <= one["check_accuracy"] <= 1
    training = load_bundle(trained).facts.training
    assert round(training["last"]["loss"], 4) == curve[-1]["loss"]
    card = (trained / "card.md").read_text()
    assert f"epoch {training['best_epoch']}, the best, after " in card
    assert f"epoch 2, the last, after {curve[-1]['seconds']:.0f} s: loss " in card


def test_a_finished_run_can_be_resumed(trained: Path, data: Path) -> None:
    before = load_bundle(trained)
    given = ("--data", str(data), "--out", str(trained), "--image-kind", "synthetic", "--resume")
    assert train.main([*given, *TRAIN, *SMALL]) == 0
    assert load_bundle(trained).digest == before.digest


def test_the_json_has_every_figure(
    trained: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main(["--bundle", str(trained), "--data", str(data), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {
        "n", "accuracy", "macro_recall", "per_class", "confusion_matrix", "binary", "ece", "brier",
        "colour_only_baseline", "grey_scale", "stain_shift", "white_cells", "intervals", "split",
        "explanation_sanity",
    } <= set(report)  # fmt: skip
    assert set(report["per_class"]["pre_b"]) == {"precision", "recall", "f1", "support"}
    assert {"sensitivity", "specificity", "auroc"} <= set(report["binary"])
    assert report["n"] == 16
    assert len(report["stain_shift"]) == 3
    stored = load_bundle(trained).facts.metrics
    assert report["confusion_matrix"] == stored["confusion_matrix"]


def test_the_full_suite_adds_and_renames_nothing(
    trained: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--bundle", str(trained), "--data", str(data), "--suite", "full", "--json"]
    assert evaluate.main(given) == 0
    report = json.loads(capsys.readouterr().out)
    quick = load_bundle(trained).facts.metrics
    assert set(quick) <= set(report)
    assert set(report) - set(quick) >= {
        "robustness", "colour_swapped", "scale_bar_masked", "cost", "subgroups", "strangers"
    }  # fmt: skip
    assert {len(strengths) for strengths in report["robustness"].values()} == {3}
    assert report["cost"]["parameters"] > 0
    assert report["scale_bar_masked"]["changed"] <= 0.25
    assert len(report["intervals"]["auroc"]) == 2


def test_a_bundle_is_compared_with_another_of_the_same_classes(
    trained: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--bundle", str(trained), "--against", "serving", "--data", str(data)]
    assert evaluate.main([*given, "--image-kind", "synthetic", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["against"]["bundle"] == "smearnet-synthetic-1"
    assert (report["n"], report["split"]) == (16, "field-disjoint")
    assert {len(row["sha256"]) for row in report["flips"]} <= {64}
    small, served = (report["cost"][side]["parameters"] for side in ("this", "against"))
    assert 0 < small < served
    assert evaluate.main([*given, "--image-kind", "synthetic"]) == 0
    shown = capsys.readouterr().out
    assert "McNemar, malignant" in shown
    assert "cost, against" in shown


def test_without_a_train_part_there_is_no_baseline(
    trained: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main(["--bundle", str(trained), "--data", str(data / "val")]) == 0
    text = capsys.readouterr().out
    assert "accuracy" in text
    assert "heatmaps alike" in text
    assert "colour-only" not in text


def test_serving_means_the_committed_bundle_of_the_kind(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--data", str(data / "val"), "--image-kind", "synthetic", "--json")
    assert evaluate.main(list(given)) == 0
    assert json.loads(capsys.readouterr().out)["bundle"] == "smearnet-synthetic-1"


@pytest.mark.parametrize("command", [train, evaluate])
def test_a_folder_without_classes_is_refused_in_a_sentence(
    command: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--data", str(tmp_path)]
    assert command.main([*given, "--out", "x"] if command is train else given) == 2
    assert "Folders that are named for classes were expected" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--epochs", "--batch-size", "--input-size", "--threads"])
def test_less_than_one_is_refused_before_anything_is_read(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        train.main(["--data", "x", "--out", "x", option, "0"])
    assert "at least 1 was expected" in capsys.readouterr().err
