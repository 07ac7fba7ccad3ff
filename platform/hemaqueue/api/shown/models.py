"""A model version in the words of the interface."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any

from hemaqueue.api.answers import ModelAnswer, ModelCardAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.api.shown.registry import point_answer
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.points import Thresholds, thresholds_of
from hemaqueue.training.lineage import lineage_of, snapshot_number


def model_answer(version: ModelVersion) -> ModelAnswer:
    facts: dict[str, Any] = version.facts
    return ModelAnswer(
        id=version.pk,
        name=version.name,
        network=version.network,
        image_kind=version.image_kind,
        status=version.status,
        digest=version.digest,
        preprocessing=_text(facts.get("preprocessing", "")),
        code_version=str(facts.get("code_version", "")),
        demonstration=version.is_demonstration,
    )


def model_card(version: ModelVersion, *, at: datetime | None = None) -> ModelCardAnswer:
    """Return everything of a version, with the thresholds that hold, or that held at a moment."""
    facts: dict[str, Any] = version.facts
    holding = thresholds_of(version, at=at)
    return ModelCardAnswer(
        **dataclasses.asdict(model_answer(version)),
        classes=list(facts.get("classes", [])),
        thresholds=dict(facts.get("thresholds", {})) | thresholds_answer(holding),
        operating_point=point_answer(version, holding) if holding.point else None,
        metrics=dict(facts.get("metrics", {})),
        dataset=dict(facts.get("dataset", {})),
        training=dict(facts.get("training", {})),
        **_lineage(version),
        temperature=facts.get("temperature"),
        card=version.card,
        created_at=version.created_at,
    )


def _lineage(version: ModelVersion) -> dict[str, Any]:
    found = lineage_of(version)
    parent, beside, run = found.parent, found.judged_beside, found.run
    snapshot = run.snapshot if run else None
    return {
        "parent": parent.pk if parent else None,
        "judged_beside": beside.pk if beside else None,
        "run": run.pk if run else None,
        "run_url": link("training_run", run.pk) if run else None,
        "snapshot": snapshot.pk if snapshot else None,
        "snapshot_url": link("snapshot", snapshot.pk) if snapshot else None,
        "snapshot_number": snapshot_number(snapshot) if snapshot else None,
        "snapshot_digest": snapshot.digest if snapshot else None,
    }


def thresholds_answer(found: Thresholds) -> dict[str, float]:
    given = {"decision": found.decision, "abstain": found.abstain}
    return {name: value for name, value in given.items() if value is not None}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
