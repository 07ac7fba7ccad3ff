"""Exports, and a batch in counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ExportAnswer(Answer):
    """An export. `state` is building, ready, failed or expired; `file` is there when ready."""

    id: UUID
    url: str
    kind: str
    format: str
    identified: bool
    filters: dict[str, str]
    requested_at: datetime
    state: str
    done: int
    rows: int | None
    bytes: int | None
    file: str | None
    file_sha256: str
    expires_at: datetime | None
    error: str


@dataclass(frozen=True)
class ExportPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ExportAnswer]


@dataclass(frozen=True)
class BatchSummaryAnswer(Answer):
    """A batch in counts, by code: suggested classes, flags, decisions. Pictures, no patients."""

    images: int
    cases: int
    signed_cases: int
    with_result: int
    failed: int
    refused: int
    duplicates: int
    read: int
    corrected: int
    classes: dict[str, int]
    flags: dict[str, int]
    decisions: dict[str, int]
    models: list[str]
    intended_use: str
