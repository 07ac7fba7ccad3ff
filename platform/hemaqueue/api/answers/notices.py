"""Notices, and what a batch holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class NoticeAnswer(Answer):
    """Something you should know: its kind, what it is about, and numbers."""

    id: UUID
    kind: str
    subject: UUID
    url: str
    facts: dict[str, Any]
    at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class NoticePage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    unseen: int
    results: list[NoticeAnswer]


@dataclass(frozen=True)
class SeenAnswer(Answer):
    seen: int


@dataclass(frozen=True)
class ChosenAnswer(Answer):
    """How many held images were sent on or taken back."""

    chosen: int


@dataclass(frozen=True)
class FileHereAnswer(Answer):
    """A file that a batch has already; `bytes` is null where it was refused."""

    filename: str
    bytes: int | None
    sha256: str | None


@dataclass(frozen=True)
class FilesHereAnswer(Answer):
    """What a batch has, so that only what is missing need be sent."""

    expected: int
    files: list[FileHereAnswer]


@dataclass(frozen=True)
class AttachmentAnswer(Answer):
    """A picture of another case, put beside this one."""

    case_id: UUID
    image_id: UUID
    image_url: str
    by: str
    at: datetime
