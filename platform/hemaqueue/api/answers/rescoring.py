"""Old images that are scored again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class RescoreAnswer(Answer):
    """An order. `flipped` counts images named otherwise now, `flipped_signed` the signed ones.

    `dropped` are answers that came after the order was called off, or after a newer result.
    """

    id: UUID
    url: str
    model: UUID
    model_name: str
    site: str | None
    former: UUID | None
    since: date | None
    until: date | None
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None
    cancelled_at: datetime | None
    total: int
    done: int
    failed: int
    dropped: int
    flipped: int
    flipped_signed: int


@dataclass(frozen=True)
class RescorePage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[RescoreAnswer]
