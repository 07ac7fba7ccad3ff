"""Every picture is judged by a network that never saw its group."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference_worker.bundle import load_bundle
from tests.training_worker.drawing import write_folders
from training_worker import train
from training_worker.folds import FIGURES, summary

SMALL = '{"widths": [4, 8, 8, 8]}'


def test_folds_give_mean_and_spread_with_the_baseline_beside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_folders(tmp_path / "data", per_class=6)
    given = ["--data", str(data), "--out", str(tmp_path / "out"), "--epochs", "1", "--folds", "2"]
    small = ["--input-size", "32", "--threads", "1", "--batch-size", "8", "--parameters", SMALL]
    assert train.main([*given, *small, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["figures"]) == set(FIGURES)
    assert sum(one["n"] for one in found["folds"]) == 24
    for row in found["figures"].values():
        assert len(row["by_fold"]) == len(row["colour_only_baseline"]["by_fold"]) == 2
        assert row["colour_only_baseline"]["mean"] is not None
    facts = load_bundle(tmp_path / "out" / "fold-1").facts
    assert facts.dataset["images"] + found["folds"][0]["n"] == 24, "the fold was not learned from"


def test_the_spread_is_the_deviation_between_folds() -> None:
    def report(share: float) -> dict[str, object]:
        alone = {"accuracy": 0.5, "grey_scale": 0.5, "stain_shift": [0.5] * 3}
        return {
            "accuracy": share, "macro_recall": share, "per_class": {}, "ece": 0.0,
            "binary": {"sensitivity": None, "specificity": share, "auroc": share},
            "grey_scale": {"accuracy": share}, "stain_shift": [share] * 3,
            "colour_only_baseline": alone,
        }  # fmt: skip

    found = summary([report(0.8), report(0.9)])["figures"]
    assert found["accuracy"]["mean"] == pytest.approx(0.85)
    assert found["accuracy"]["spread"] == pytest.approx(0.0707, abs=1e-4)
    assert found["sensitivity"] == {
        "mean": None, "spread": None, "by_fold": [None, None],
        "colour_only_baseline": {"mean": None, "spread": None, "by_fold": [None, None]},
    }  # fmt: skip
