"""Model versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ModelAnswer(Answer):
    """A model version, as a result names it."""

    id: UUID
    name: str
    network: str
    image_kind: str
    status: str
    digest: str
    preprocessing: str
    code_version: str
    demonstration: bool


@dataclass(frozen=True)
class ModelCardAnswer(ModelAnswer):
    """A model version with everything its bundle says of it."""

    classes: list[Any]
    thresholds: dict[str, Any]
    metrics: dict[str, Any]
    dataset: dict[str, Any]
    temperature: float | None
    card: str
    created_at: datetime


@dataclass(frozen=True)
class ModelList(Answer):
    results: list[ModelCardAnswer]
