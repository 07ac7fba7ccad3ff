"""Work, and the queues it waits in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ErrorAnswer(Answer):
    """Why work did not succeed: a stable code, and a sentence for people."""

    code: str
    stage: str
    message: str
    attempt: int
    retryable: bool


@dataclass(frozen=True)
class JobAnswer(Answer):
    """Where one piece of work stands. `state` is queued, running, or one of the four ends.

    `model_version` is the version it is asked of; null where the work needs none.
    """

    id: UUID
    url: str
    work: str
    state: str
    stage: str
    final: bool
    position: int | None
    attempt: int
    progress: dict[str, Any]
    error: ErrorAnswer | None
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    subject: UUID
    model_version: UUID | None
    result_url: str | None


@dataclass(frozen=True)
class QueueAnswer(Answer):
    """What waits in one queue, and who is there to do it."""

    queue: str
    waiting: int
    running: int
    oldest: datetime | None
    workers: int
    processes: int
    paused: bool


@dataclass(frozen=True)
class StatusAnswer(Answer):
    queues: list[QueueAnswer]
    news_heard: bool
    sentence: str
