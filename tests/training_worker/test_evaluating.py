"""Versions judged on signed labels: real sealed files, real signed bundles, one report each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jobcontract import storage
from jobcontract.judging import EvaluatedModel, EvaluateModel
from jobcontract.messages import FineTuneModel, ModelReference
from jobcontract.names import Work
from jobcontract.reporting import ReportingTask, WorkFailed
from jobcontract.splits import HELD_OUT_OF_CANDIDATE
from tests.training_worker.test_fine_tuning import CODES, parcel, reference, stored_bundle
from training_worker.app import app
from training_worker.evaluating import evaluated

__all__ = ["reference"]
UNKNOWN = "field-disjoint (optimistic): no patient is known of"


def judged(
    reference: ModelReference,
    *,
    per_class: int = 6,
    boxes: tuple[tuple[float, ...], ...] = (),
    **more: Any,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the reports, and what was told on the way."""
    given = parcel(reference, per_class=per_class, labels=CODES, boxes=boxes)
    asked = EvaluateModel(
        manifest=FineTuneModel.from_json(given.bodies[0]).manifest,
        output_prefix="evaluations",
        name="Snapshot",
        **more,
    )
    told: list[dict[str, Any]] = []
    asked_for = replace(given, work=Work.EVALUATE_MODEL, bodies=(asked.to_json(),))
    (outcome,) = evaluated(asked_for, tell=told.append)
    assert outcome.ok
    key = EvaluatedModel.from_json(outcome.body).key
    assert key == "evaluations/job7-1.json"
    return json.loads(storage.read(key)), told


def test_a_report_has_every_figure_and_a_row_for_each_picture(reference: ModelReference) -> None:
    (report,), told = judged(reference)
    assert report["digest"] == reference.digest
    assert report["split"] == f"{HELD_OUT_OF_CANDIDATE}; {UNKNOWN} 12 of 24 images"
    assert report["n"] == len(report["pictures"]) == report["disturbed"] > 0
    assert {"roc", "robustness", "colour_only_baseline", "strangers"} <= report.keys()
    assert report["explanation_sanity"]["method"] == "cam"
    assert report["cost"]["parameters"] > 0
    assert 0 <= report["scale_bar_masked"]["changed"] <= 1
    for name in ("grey_scale", "stain_shift_3"):
        low, high = report["shift_intervals"][name]
        assert 0 <= low <= high <= 1
    assert "macro_f1" in report["intervals"]
    assert len(report["data_digest"]) == 64
    wrong = [row for row in report["pictures"] if row["label"] != row["named"]]
    assert all(row["grid"] for row in wrong)
    assert told == [{"judged": 1, "of": 1}]
    assert json.dumps(report, allow_nan=False)


def test_two_versions_are_judged_on_the_same_pictures(reference: ModelReference) -> None:
    reports, _ = judged(reference, against=replace(reference, decision=0.999).to_json())
    assert reports[0]["data_digest"] == reports[1]["data_digest"]
    assert reports[1]["binary"]["threshold"] == 0.999, "it is judged as it serves"
    assert reports[0]["binary"]["threshold"] == 0.5


def test_the_whole_of_a_set_may_be_judged(reference: ModelReference) -> None:
    (report,), _ = judged(reference, per_class=2, whole=True)
    assert (report["n"], report["split"]) == (8, f"the whole snapshot; {UNKNOWN} 4 of 8 images")
    assert "colour_only_baseline" not in report


def test_other_pictures_teach_the_colour_baseline_of_a_whole_set(reference: ModelReference) -> None:
    given = parcel(reference, per_class=3, labels=CODES, snapshot="other")
    lessons = FineTuneModel.from_json(given.bodies[0])
    (report,), _ = judged(
        reference, per_class=2, whole=True, taught=lessons.manifest, split="frozen test set"
    )
    assert report["n"] == 8
    assert report["split"] == f"frozen test set; {UNKNOWN} 8 of 20 images", "of both sides"
    assert report["colour_only_baseline"]["accuracy"] is not None
    assert len(report["pictures"]) == 8, "what teaches is not judged"


def test_of_a_network_that_marks_cells_the_boxes_are_judged_that_people_drew(
    reference: ModelReference, tmp_path: Path
) -> None:
    regions = stored_bundle(tmp_path / "regions", network="regions")
    drawn = ((0.3, 0.4, 0.2, 0.1), (0.7, 0.7, 0.25, 0.25))
    reports, _ = judged(regions, per_class=2, whole=True, boxes=drawn, against=reference.to_json())
    found = reports[0]["boxes"]
    assert (found["truth"], found["images"], found["n"]) == (["people"], 4, 8), "of 8 images"
    assert {"map50", "mean_iou", "precision", "recall"} <= found.keys()
    assert "boxes" not in reports[1], "it marks no cells"
    (alone,), _ = judged(regions, per_class=2, whole=True)
    assert "boxes" not in alone, "what nobody drew is held against nothing"


def test_only_boxes_on_the_groups_held_out_are_judged(
    reference: ModelReference, tmp_path: Path
) -> None:
    regions = stored_bundle(tmp_path / "regions", network="regions")
    (report,), _ = judged(regions, boxes=((0.5, 0.5, 0.2, 0.2),))
    assert 0 < report["boxes"]["images"] < report["n"] < 24


def test_too_few_groups_are_a_fault_with_a_sentence(reference: ModelReference) -> None:
    with pytest.raises(WorkFailed) as failed:
        judged(reference, per_class=1)
    assert failed.value.code == "too_few_images"


def test_the_task_is_one_that_reports() -> None:
    app.loader.import_default_modules()
    assert isinstance(app.tasks[Work.EVALUATE_MODEL], ReportingTask)
