"""One operating point for serving and judging: what a worker flags is what a report counts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inference_worker.engines import engines
from inference_worker.parcels import classified
from jobcontract import storage
from jobcontract.judging import EvaluatedModel, EvaluateModel
from jobcontract.messages import (
    ClassifySmear,
    FineTuneModel,
    ModelReference,
    Parcel,
    Ticket,
    TrainingImage,
)
from jobcontract.names import Work
from jobcontract.sealing import read_shared
from tests.training_worker.test_fine_tuning import CODES, parcel, reference
from training_worker.evaluating import evaluated

__all__ = ["reference"]


@pytest.fixture
def snapshot(reference: ModelReference) -> Parcel:
    engines.cache_clear()
    return parcel(reference, per_class=3, labels=CODES)


def served(snapshot: Parcel, point: ModelReference) -> list[dict[str, Any]]:
    """Return what an inference worker says of the snapshot's pictures."""
    manifest = FineTuneModel.from_json(snapshot.bodies[0]).manifest
    images = [TrainingImage.from_json(one).image for one in json.loads(read_shared(manifest))]
    asked = replace(
        snapshot,
        work=Work.CLASSIFY_SMEARS,
        tickets=tuple(Ticket(f"job{index}", 1) for index in range(len(images))),
        bodies=tuple(ClassifySmear(image=one).to_json() for one in images),
        shared=point.to_json(),
    )
    return [one.body for one in classified(asked)]


def judged(snapshot: Parcel, point: ModelReference) -> dict[str, Any]:
    """Return what a training worker reports of the same pictures."""
    manifest = FineTuneModel.from_json(snapshot.bodies[0]).manifest
    body = EvaluateModel(manifest=manifest, output_prefix="evaluations", name="All", whole=True)
    asked = replace(
        snapshot, work=Work.EVALUATE_MODEL, bodies=(body.to_json(),), shared=point.to_json()
    )
    (outcome,) = evaluated(asked, tell=lambda _: None)
    (report,) = json.loads(storage.read(EvaluatedModel.from_json(outcome.body).key))
    return dict(report)


def points(reference: ModelReference, said: list[dict[str, Any]]) -> dict[str, ModelReference]:
    """Return points under which some of the pictures are uncertain and others are not."""
    sure = float(np.median([one["confidence"] for one in said]))
    share = float(np.median([one["malignant"] for one in said]))
    return {
        "few stand out": replace(reference, decision=0.001, abstain=sure),
        "name and roll-up part": replace(reference, decision=share, abstain=0.001),
        "both": replace(reference, decision=share, abstain=sure),
    }


def test_a_report_counts_the_flags_that_a_worker_gives(
    reference: ModelReference, snapshot: Parcel
) -> None:
    for name, point in points(reference, served(snapshot, reference)).items():
        said, report = served(snapshot, point), judged(snapshot, point)
        uncertain = float(np.mean(["uncertain" in one["flags"] for one in said]))
        assert 0 < uncertain < 1, name
        assert report["flagged"] == {"uncertain": uncertain, "out_of_distribution": 0.0}, name
        called = [one["malignant"] >= point.decision for one in said]
        assert [row["called_malignant"] for row in report["pictures"]] == called, name
        assert report["binary"]["threshold"] == point.decision
