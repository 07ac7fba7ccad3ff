"""Versions that are tried on what comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer
from hemaqueue.api.answers.evaluations import McNemarAnswer


@dataclass(frozen=True)
class ShadowAnswer(Answer):
    """`agreed` of `answered` are named as the serving version does; `signed` are those of signed
    cases, of which each version names so many rightly.
    """

    id: UUID
    url: str
    model: UUID
    model_name: str
    site: str | None
    percent: int
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None
    answered: int
    waiting: int
    failed: int
    agreed: int
    signed: int
    shadow_right: int
    serving_right: int
    mcnemar: McNemarAnswer


@dataclass(frozen=True)
class ShadowPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ShadowAnswer]


@dataclass(frozen=True)
class ShadowFlipAnswer(Answer):
    """An image that the version tried names otherwise; `image` is null where it is not for you.

    `signed` is the label that stands signed, "" where none does.
    """

    image: UUID | None
    serving: str
    serving_confidence: float
    shadow: str
    shadow_confidence: float
    signed: str


@dataclass(frozen=True)
class ShadowFlipPage(Answer):
    """What is signed first, then the surest; `next` is the address of the page after this one."""

    next: str | None
    results: list[ShadowFlipAnswer]
