"""Numbers about reading, and filters that a person keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class WaitingAnswer(Answer):
    """Open cases by lane; `oldest` is when the one that waits longest was opened."""

    lanes: dict[str, int]
    mine: int
    overdue: int
    to_sign: int
    oldest: datetime | None


@dataclass(frozen=True)
class TurnaroundAnswer(Answer):
    """From the first image to the first signature, in seconds; `day` is null for all days."""

    day: date | None
    cases: int
    median: float
    p90: float


@dataclass(frozen=True)
class AgreementAnswer(Answer):
    """Of `n` images read one by one, readers named the suggested class in `agreed`.

    `weighted` is the share if all had been read, by the probability with which each was, and null
    where none is known; `drawn` of them come from the audit sample.
    """

    model: str
    suggested: str
    n: int
    agreed: int
    weighted: float | None
    drawn: int


@dataclass(frozen=True)
class StatisticsAnswer(Answer):
    """`waiting` is null for who decides nowhere; `turnaround` where nothing was signed."""

    days: int
    waiting: WaitingAnswer | None
    decided_today: int
    signed_today: int
    turnaround: TurnaroundAnswer | None
    by_day: list[TurnaroundAnswer]
    agreement: list[AgreementAnswer]


@dataclass(frozen=True)
class SavedViewAnswer(Answer):
    """A filter under a name: a page and its query string."""

    id: UUID
    page: str
    name: str
    query: str
    url: str


@dataclass(frozen=True)
class SavedViewList(Answer):
    results: list[SavedViewAnswer]
