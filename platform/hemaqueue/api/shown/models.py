"""A model version in the words of the interface."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from hemaqueue.api.answers import ModelAnswer, ModelCardAnswer
from hemaqueue.registry.models import ModelVersion


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


def model_card(version: ModelVersion) -> ModelCardAnswer:
    facts: dict[str, Any] = version.facts
    return ModelCardAnswer(
        **dataclasses.asdict(model_answer(version)),
        classes=list(facts.get("classes", [])),
        thresholds=dict(facts.get("thresholds", {})),
        metrics=dict(facts.get("metrics", {})),
        dataset=dict(facts.get("dataset", {})),
        temperature=facts.get("temperature"),
        card=version.card,
        created_at=version.created_at,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
