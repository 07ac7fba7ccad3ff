"""What is shipped holds its promise on real fields; skipped where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference_worker.bundle import load_bundle, served_bundle
from inference_worker.engine import Engine
from inference_worker.preprocessing import Picture
from jobcontract.imaging import canonical_picture
from training_worker.answering import answers_for
from training_worker.evaluate import report_for

DATA = Path(__file__).parents[2].parent / "shared" / "data"
TALEQANI = DATA / "taleqani_all"
FOREIGN = ("pbc_normal_ood", "aml_lmu_ood", "bccd")
EACH = 24

pytestmark = pytest.mark.skipif(not TALEQANI.is_dir(), reason="no real images beside the project")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return report_for("serving", data=TALEQANI / "val")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_bundle(served_bundle("field")))


def test_at_least_95_of_100_are_named_rightly(report: dict[str, Any]) -> None:
    assert report["n"] == 390
    assert report["accuracy"] >= 0.95
    assert report["macro_recall"] >= 0.94


def test_at_least_85_of_100_without_colour(report: dict[str, Any]) -> None:
    assert report["grey_scale"]["accuracy"] >= 0.85
    assert min(report["stain_shift"]) >= 0.85


def test_malignant_fields_are_not_missed(report: dict[str, Any]) -> None:
    assert report["binary"]["sensitivity"] >= 0.99
    assert report["binary"]["specificity"] >= 0.80
    assert report["ece"] <= 0.04


def test_fields_of_its_own_kind_are_not_strange(report: dict[str, Any]) -> None:
    assert report["flagged"]["out_of_distribution"] <= 0.03


@pytest.mark.parametrize("name", FOREIGN)
def test_pictures_of_other_kinds_are_strange(engine: Engine, name: str) -> None:
    assert share_flagged(engine, foreign_pictures(DATA / name)) >= 0.95


def test_blank_pictures_are_strange(engine: Engine) -> None:
    random = np.random.default_rng(0)
    blank = [np.full((224, 224, 3), random.integers(150, 255, 3), np.uint8) for _ in range(EACH)]
    assert share_flagged(engine, blank) >= 0.95


def foreign_pictures(folder: Path) -> list[Picture]:
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".jpg", ".png", ".tif"})
    return [canonical_picture(path.read_bytes()) for path in files[:: max(len(files) // EACH, 1)]]


def share_flagged(engine: Engine, pictures: list[Picture]) -> float:
    limit = engine.facts.thresholds.out_of_distribution
    return float(np.mean(answers_for(engine, pictures).distances > limit))
