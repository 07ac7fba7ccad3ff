"""Folds part no group, score every picture once, and leave `val/` alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.training_worker.drawing import write_folders
from training_worker.fold_folder import FoldFolder
from training_worker.fold_report import by_the_others, readable, spread, summary
from training_worker.folds import Fold, labelled, parted
from training_worker.refusals import NotPossible
from training_worker.splitting import TooFewGroups

PLAN = {"folds": 3, "settings": {"epochs": 2}}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures to a field; a fourth as many in `val/`."""
    root = tmp_path_factory.mktemp("data")
    write_folders(root / "train", per_class=12)
    write_folders(root / "val", per_class=3, seed=1)
    files = sorted(root.rglob("*.png"))
    rows = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()},{path.parent}{int(path.stem) // 2}"
        for path in files
    ]
    (root / "manifest.csv").write_text("\n".join(["sha256,group", *rows]))
    return root


def test_a_fold_shares_no_field_with_what_is_learned(data: Path) -> None:
    for number in (1, 2, 3):
        parts = Fold(number, 3).parts(data)
        assert not {one.group for one in parts.scored} & {one.group for one in parts.train}
        assert {one.label for one in parts.scored} == {one.label for one in parts.train}


def test_every_picture_is_scored_once(data: Path) -> None:
    scored = [one.path for number in (1, 2, 3) for one in Fold(number, 3).parts(data).scored]
    assert sorted(scored) == sorted((data / "train").rglob("*.png"))


def test_the_validation_part_is_read_only_when_it_is_pooled(data: Path) -> None:
    assert len(labelled(data)) == 48
    assert len(labelled(data, pooled=True)) == 60


def test_more_folds_than_fields_are_refused(data: Path) -> None:
    with pytest.raises(TooFewGroups, match="Each class needs 7 groups"):
        parted(labelled(data), count=7)


def test_the_spread_of_a_figure_without_a_value_is_unknown() -> None:
    assert spread([0.9, 0.7]) == {
        "mean": pytest.approx(0.8),
        "spread": pytest.approx(0.1414, abs=1e-4),
        "by_fold": [0.9, 0.7],
    }
    assert spread([0.9, None])["mean"] is None


def test_the_baseline_stands_beside_the_figure() -> None:
    def fold(accuracy: float, alone: float) -> dict[str, object]:
        return {
            "n": 10, "split": "field-disjoint", "classes": ["a", "b"],
            "accuracy": accuracy, "grey_scale": {"accuracy": 0.5},
            "confusion_matrix": [[5, 0], [1, 4]],
            "colour_only_baseline": {"accuracy": alone, "grey_scale": 0.2},
        }  # fmt: skip

    found = summary([fold(0.9, 0.6), fold(1.0, 0.8)])
    assert found["figures"]["accuracy"]["mean"] == pytest.approx(0.95)
    assert found["figures"]["accuracy"]["colour_only_baseline"]["mean"] == pytest.approx(0.7)
    assert found["figures"]["grey_scale"]["colour_only_baseline"]["mean"] == pytest.approx(0.2)
    assert found["figures"]["ece"]["mean"] is None
    assert found["confusion_matrix"] == [[10, 0], [2, 8]]
    assert "accuracy" in readable(found | {"plan": {"folds": 2, "groups": 9}})


def test_a_threshold_is_chosen_by_the_other_folds() -> None:
    def fold(*sensitivities: float) -> dict[str, Any]:
        rows = zip((0.1, 0.3, 0.5), sensitivities, (0.8, 0.9, 1.0), strict=True)
        names = ("threshold", "sensitivity", "specificity")
        return {"threshold_sweep": [dict(zip(names, row, strict=True)) for row in rows]}

    folds = [fold(1.0, 1.0, 0.9), fold(1.0, 0.98, 0.98), fold(1.0, 1.0, 1.0)]
    assert [by_the_others(folds, k)["threshold"] for k in range(3)] == [0.1, 0.3, 0.1]
    assert by_the_others(folds, 1)["specificity"] == 0.9
    assert by_the_others([fold(0.9, 0.8, 0.7)] * 2, 0)["threshold"] == 0.1, "none is enough"
    assert by_the_others([{}, {}], 0) == {}


def test_a_cross_validation_goes_on_only_when_asked(tmp_path: Path) -> None:
    folder = FoldFolder(tmp_path)
    folder.require_own(PLAN, resume=False)
    folder.keep(folder.plan, PLAN)
    with pytest.raises(NotPossible, match="--resume"):
        folder.require_own(PLAN, resume=False)
    folder.require_own(json.loads(json.dumps(PLAN)), resume=True)


def test_a_cross_validation_goes_on_only_as_it_began(tmp_path: Path) -> None:
    folder = FoldFolder(tmp_path)
    folder.keep(folder.plan, PLAN)
    with pytest.raises(NotPossible, match=r"started otherwise \(settings\)"):
        folder.require_own(PLAN | {"settings": {"epochs": 3}}, resume=True)
