"""Model versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hemaqueue.api.answers.base import Answer
from hemaqueue.api.answers.registry import PointAnswer


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
    """A model version with everything its bundle says of it, and the thresholds that hold.

    `operating_point` says who chose them; it is null while they are the bundle's own.
    `training` has how it was trained: settings with the seed, epochs, and what it started from.
    `parent` is the version whose weights it took over, null where it began with none, and
    `judged_beside` the one with which its run compared it. Run and snapshot are null of a bundle
    that came from elsewhere; their addresses are for who runs the installation.
    `snapshot_digest` is that of the manifest.
    """

    classes: list[Any]
    thresholds: dict[str, Any]
    operating_point: PointAnswer | None
    metrics: dict[str, Any]
    dataset: dict[str, Any]
    training: dict[str, Any]
    parent: UUID | None
    judged_beside: UUID | None
    run: UUID | None
    run_url: str | None
    snapshot: UUID | None
    snapshot_url: str | None
    snapshot_number: int | None
    snapshot_digest: str | None
    temperature: float | None
    card: str
    created_at: datetime


@dataclass(frozen=True)
class ModelList(Answer):
    results: list[ModelCardAnswer]
