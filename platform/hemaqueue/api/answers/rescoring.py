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


@dataclass(frozen=True)
class RescoreFlipAnswer(Answer):
    """An image named otherwise now; `image` is null where it is not here for you."""

    image: UUID | None
    before: str
    before_confidence: float
    now: str
    now_confidence: float
    signed: bool


@dataclass(frozen=True)
class RescoreFlipPage(Answer):
    """What is signed first, then the surest; `next` is the address of the page after this one."""

    next: str | None
    results: list[RescoreFlipAnswer]
