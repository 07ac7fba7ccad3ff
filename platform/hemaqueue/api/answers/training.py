"""Training runs, what they learn from, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hemaqueue.api.answers.base import Answer
from hemaqueue.api.answers.work import ErrorAnswer


@dataclass(frozen=True)
class SnapshotAnswer(Answer):
    """What a run learns from, frozen: images by class, and by reason those left out."""

    id: UUID
    digest: str
    counts: dict[str, int]
    excluded: dict[str, int]
    made_at: datetime


@dataclass(frozen=True)
class GateAnswer(Answer):
    """A figure the candidate should reach. `passed` is null where a figure is missing."""

    name: str
    candidate: float | None
    before: float | None
    least: float | None
    passed: bool | None


@dataclass(frozen=True)
class TrainingRunAnswer(Answer):
    """A run. `state` is that of its job; `fault` is why its bundle was not registered."""

    id: UUID
    url: str
    image_kind: str
    state: str
    stage: str
    final: bool
    progress: dict[str, Any]
    epochs: int
    snapshot: SnapshotAnswer
    base: UUID
    candidate: UUID | None
    metrics: dict[str, Any]
    gates: list[GateAnswer]
    error: ErrorAnswer | None
    fault: str
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class TrainingRunPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[TrainingRunAnswer]
