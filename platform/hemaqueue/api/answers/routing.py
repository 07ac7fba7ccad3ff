"""What was passed on, what was confirmed together, and how a site reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ReferralAnswer(Answer):
    """`state` is awaited, answered or taken_back."""

    id: int
    case: str
    by: str
    to: str
    at: datetime
    note: str
    state: str
    answer: str


@dataclass(frozen=True)
class ReferralList(Answer):
    results: list[ReferralAnswer]


@dataclass(frozen=True)
class ReturnAnswer(Answer):
    """`state` is at_bench, answered or replaced."""

    image: str
    by: str
    at: datetime
    reason: str
    note: str
    state: str
    answer: str
    replacement: str | None


@dataclass(frozen=True)
class ReturnList(Answer):
    results: list[ReturnAnswer]


@dataclass(frozen=True)
class NotConfirmed(Answer):
    """`reasons` are those that keep the case out of the clear lane."""

    image: UUID
    code: str
    reasons: list[str]


@dataclass(frozen=True)
class ConfirmedAnswer(Answer):
    confirmed: list[UUID]
    refused: list[NotConfirmed]


@dataclass(frozen=True)
class PolicyAnswer(Answer):
    """`since` is null where the usual rules hold."""

    site: str
    blind_first_read: bool
    clear_confidence: float
    urgent_hours: int
    routine_hours: int
    double_read_percent: int
    since: datetime | None
    reason: str


@dataclass(frozen=True)
class PairAnswer(Answer):
    """Two readers over the `n` images that both read. `kappa`: -1 to 1, null by chance alone."""

    readers: list[str]
    n: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True)
class PairList(Answer):
    results: list[PairAnswer]
