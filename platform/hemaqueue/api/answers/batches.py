"""Batches, and what became of their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class RefusedAnswer(Answer):
    """A file of a batch that became no image."""

    filename: str
    code: str
    detail: str
    duplicate_of: UUID | None


@dataclass(frozen=True)
class BatchCounts(Answer):
    """What became of the files of a batch, counted now. accepted = held to cancelled together.

    `expected` is what was announced, 0 where nobody said; a held file waits for a choice.
    """

    expected: int
    accepted: int
    duplicate: int
    refused: int
    withdrawn: int
    held: int
    waiting: int
    working: int
    done: int
    failed: int
    cancelled: int


@dataclass(frozen=True)
class BatchRow(Answer):
    id: UUID
    url: str
    name: str
    site: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class BatchAnswer(BatchRow):
    """A batch with its numbers. `images` is the address of its list.

    `seconds_left` is an estimate from the last minute, null where there is none.
    """

    counts: BatchCounts
    final: bool
    unpacking: bool
    seconds_left: int | None
    refused: list[RefusedAnswer]
    images: str


@dataclass(frozen=True)
class BatchPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[BatchRow]


@dataclass(frozen=True)
class RetriedAnswer(Answer):
    retried: int
