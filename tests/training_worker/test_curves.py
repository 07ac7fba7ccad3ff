"""Sweep, risk by coverage, reliability, subgroups: figures that can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training_worker.drawing import write_folders
from training_worker.curves import reliability, risk_by_coverage, threshold_sweep
from training_worker.groups import sha256_of
from training_worker.metrics import class_metrics, log_loss
from training_worker.samples import folder_samples
from training_worker.subgroups import subgroup_figures, traits_of
from training_worker.verdicts import Verdicts

LABELS = np.array([0, 0, 1, 1])
SCORES = np.array([[0.92, 0.08], [0.42, 0.58], [0.22, 0.78], [0.32, 0.68]])


def test_the_sweep_trades_sensitivity_for_specificity() -> None:
    rows = threshold_sweep(LABELS == 1, SCORES[:, 1])
    assert [row["threshold"] for row in rows][::9] == [0.05, 0.5, 0.95]
    by_threshold = {row["threshold"]: row for row in rows}
    assert (by_threshold[0.05]["sensitivity"], by_threshold[0.05]["specificity"]) == (1.0, 0.0)
    assert (by_threshold[0.6]["sensitivity"], by_threshold[0.6]["specificity"]) == (1.0, 1.0)
    assert by_threshold[0.6]["f1"] == 1.0
    assert (by_threshold[0.95]["precision"], by_threshold[0.95]["f1"]) == (None, 0.0)


def test_the_surest_are_answered_first() -> None:
    found = risk_by_coverage(LABELS, SCORES)
    risks = {point["coverage"]: point["risk"] for point in found["points"]}
    assert (risks[0.75], risks[1.0]) == (0.0, 0.25)
    assert found["area"] == pytest.approx(0.25 / 4)


def test_a_bin_holds_its_confidence_and_its_accuracy() -> None:
    rows = reliability(LABELS, SCORES)
    assert sum(row["n"] for row in rows) == 4
    assert [row["accuracy"] for row in rows] == [0.0, 1.0, 1.0, 1.0]
    assert all(row["from"] <= row["confidence"] < row["to"] for row in rows)


def test_averages_over_classes_and_over_pictures() -> None:
    labels = np.array([0, 0, 0, 1])
    found = class_metrics(labels, np.eye(2)[[0, 0, 1, 1]], codes=["a", "b"])
    assert found["macro"]["recall"] == pytest.approx((2 / 3 + 1) / 2)
    assert found["weighted"]["recall"] == pytest.approx(0.75)
    assert found["auroc"]["per_class"]["a"] == pytest.approx(5 / 6)
    assert log_loss(np.array([0]), np.array([[0.5, 0.5]])) == pytest.approx(np.log(2))


def test_a_further_column_of_the_manifest_parts_the_set(tmp_path: Path) -> None:
    samples = folder_samples(write_folders(tmp_path / "train", per_class=1))
    rows = [f"{sha256_of(one.path)},{i},{i},{'AB'[i // 2]}" for i, one in enumerate(samples)]
    (tmp_path / "manifest.csv").write_text("\n".join(["sha256,group,fold,scanner", *rows]))
    traits = traits_of(samples)
    assert traits == {"scanner": ["A", "A", "B", "B"]}
    malignant = LABELS == 1
    verdicts = Verdicts(LABELS, SCORES, malignant, SCORES[:, 1], SCORES[:, 1] > 0.5)
    found = subgroup_figures(verdicts, traits)["scanner"]
    assert found["A"] == {
        "n": 2, "accuracy": 0.5, "macro_recall": 0.5, "sensitivity": None, "specificity": 0.5
    }  # fmt: skip
    assert found["B"]["sensitivity"] == 1.0


@pytest.mark.parametrize("column", ["age", "age_band"])
def test_ages_part_the_set_by_bands(tmp_path: Path, column: str) -> None:
    samples = folder_samples(write_folders(tmp_path / "train", per_class=1))
    ages = ("4", "17.5", "65", "adult")
    rows = [f"{sha256_of(one.path)},{age}" for one, age in zip(samples, ages, strict=True)]
    (tmp_path / "manifest.csv").write_text("\n".join([f"sha256,{column}", *rows]))
    assert traits_of(samples) == {"age": ["0-17", "0-17", "65 and over", "unknown"]}


def test_data_that_names_no_subgroup_has_none(tmp_path: Path) -> None:
    assert traits_of(folder_samples(write_folders(tmp_path, per_class=1))) == {}
