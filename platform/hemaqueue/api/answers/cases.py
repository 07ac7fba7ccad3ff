"""Cases and their reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer
from hemaqueue.api.answers.images import ImageRow


@dataclass(frozen=True)
class CaseRow(Answer):
    id: UUID
    url: str
    accession: str
    patient: str
    site: str
    urgent: bool
    created_at: datetime


@dataclass(frozen=True)
class RollUp(Answer):
    """A case in numbers. It describes pictures, never a patient."""

    images: int
    with_result: int
    decided: int
    labels: dict[str, int]
    highest_malignant: float | None
    lowest_confidence: float | None


@dataclass(frozen=True)
class SignatureAnswer(Answer):
    """A signature under one revision of a case. `content_sha256` is printed on its report."""

    revision: int
    printed_name: str
    meaning: str
    at: datetime
    content_sha256: str
    reason: str


@dataclass(frozen=True)
class CaseAnswer(CaseRow):
    """`stamp` goes back with a signature; `blockers` says what has to be done before one."""

    review: str | None
    revision: int
    stamp: str
    blockers: list[str]
    signatures: list[SignatureAnswer]
    roll_up: RollUp
    images: list[ImageRow]
    reports: list[str]
    shared_with: list[str]


@dataclass(frozen=True)
class CasePage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[CaseRow]


@dataclass(frozen=True)
class ReportAnswer(Answer):
    """A report that is being rendered; the same address gives the file when it is ready."""

    report_id: UUID
    status_url: str
    revision: int
    status: str
    job_id: UUID | None
    state: str
