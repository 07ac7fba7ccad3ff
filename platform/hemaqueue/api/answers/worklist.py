"""The worklist, and who reads a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class WorklistRow(Answer):
    """A case as it stands in its lane. `reasons` are codes, the gravest first.

    Where the site reads blind, `malignant` is unknown and no reason tells of it.
    """

    case: UUID
    url: str
    accession: str
    site: str
    state: str
    lane: str
    reasons: list[str]
    images: int
    malignant: int | None
    decided: int
    waiting_since: datetime | None
    due_at: datetime | None
    overdue: bool
    claimed_by: str | None
    claimed_until: datetime | None


@dataclass(frozen=True)
class WorklistPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[WorklistRow]


@dataclass(frozen=True)
class ClaimAnswer(Answer):
    """Who reads a case, and until when; nobody where both are empty."""

    claimed_by: str | None
    claimed_until: datetime | None
