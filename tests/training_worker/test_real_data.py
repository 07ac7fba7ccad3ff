"""What is shipped holds its promise on real fields; skipped where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from training_worker.evaluate import report_for

TALEQANI = Path(__file__).parents[2].parent / "shared" / "data" / "taleqani_all"

pytestmark = pytest.mark.skipif(not TALEQANI.is_dir(), reason="no real images beside the project")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return report_for("serving", data=TALEQANI / "val")


def test_at_least_95_of_100_are_named_rightly(report: dict[str, Any]) -> None:
    assert report["n"] == 390
    assert report["accuracy"] >= 0.95
    assert report["macro_recall"] >= 0.94


def test_at_least_85_of_100_without_colour(report: dict[str, Any]) -> None:
    assert report["grey_scale"]["accuracy"] >= 0.85


def test_malignant_fields_are_not_missed(report: dict[str, Any]) -> None:
    assert report["binary"]["sensitivity"] >= 0.99
    assert report["binary"]["specificity"] >= 0.80
    assert report["ece"] <= 0.04
