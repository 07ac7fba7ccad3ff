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
