"""What the interface answers: one frozen dataclass per body. OpenAPI reads the same classes.

Links are addresses on this host, beginning with a slash.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


class Answer:
    """Base of every body."""

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)  # type: ignore[call-overload]


@dataclass(frozen=True)
class UploadAnswer(Answer):
    """A file that was taken. A duplicate names the image that is here already."""

    image_id: UUID
    job_id: UUID | None
    status_url: str
    image_url: str
    duplicate_of: UUID | None = None


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
    """Where one piece of work stands. `state` is queued, running, or one of the four ends."""

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
    result_url: str | None


@dataclass(frozen=True)
class ModelAnswer(Answer):
    """A model version, as a result names it."""

    id: UUID
    name: str
    network: str
    image_kind: str
    status: str
    digest: str
    preprocessing: str
    code_version: str
    demonstration: bool


@dataclass(frozen=True)
class ModelCardAnswer(ModelAnswer):
    """A model version with everything its bundle says of it."""

    classes: list[Any]
    thresholds: dict[str, Any]
    metrics: dict[str, Any]
    dataset: dict[str, Any]
    temperature: float | None
    card: str
    created_at: datetime


@dataclass(frozen=True)
class PredictionAnswer(Answer):
    """What one model version said of one image. `confidence` is the score of `label`."""

    label: str
    name: str
    scores: dict[str, float]
    confidence: float
    band: str
    malignant: float
    flags: list[str]
    ood_score: float
    heatmap: str | None
    model_version: ModelAnswer
    seconds: float
    predicted_at: datetime
    intended_use: str


@dataclass(frozen=True)
class DecisionAnswer(Answer):
    """What one reader said of an image."""

    reader: str
    choice: str
    label: str
    reason: str
    note: str
    version: int
    at: datetime


@dataclass(frozen=True)
class QualityAnswer(Answer):
    """Measures of the picture; `flags` name what gives reason to doubt."""

    focus: float | None
    exposure: float | None
    flags: list[str]


@dataclass(frozen=True)
class ImageRow(Answer):
    """An image as a list shows it. `state`: waiting, paused, working, done, failed, …"""

    id: UUID
    url: str
    state: str
    accession: str
    case_id: UUID
    batch_id: UUID | None
    site: str
    specimen_type: str
    stain: str
    image_kind: str
    uploaded_at: datetime
    thumbnail: str
    label: str | None
    confidence: float | None
    malignant: float | None
    flags: list[str]
    model_version: str | None
    decided: str | None
    error: ErrorAnswer | None


@dataclass(frozen=True)
class ImageAnswer(Answer):
    """Everything about one image. `stamp` goes back with a decision."""

    id: UUID
    url: str
    state: str
    accession: str
    patient: str
    urgent: bool
    case_id: UUID
    case_url: str
    batch_id: UUID | None
    site: str
    specimen_type: str
    stain: str
    image_kind: str
    filename: str
    format: str
    bytes: int
    width: int
    height: int
    sha256: str
    quality: QualityAnswer
    uploaded_by: str
    uploaded_at: datetime
    withdrawn_at: datetime | None
    picture: str
    thumbnail: str
    job: JobAnswer | None
    error: ErrorAnswer | None
    prediction: PredictionAnswer | None
    decisions: list[DecisionAnswer]
    stamp: str


@dataclass(frozen=True)
class RefusedAnswer(Answer):
    """A file of a batch that became no image."""

    filename: str
    code: str
    detail: str
    duplicate_of: UUID | None


@dataclass(frozen=True)
class BatchCounts(Answer):
    """What became of the files of a batch, counted now. accepted = the last four together."""

    accepted: int
    duplicate: int
    refused: int
    waiting: int
    working: int
    done: int
    failed: int


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
    """A batch with its numbers. `images` is the address of its list."""

    counts: BatchCounts
    final: bool
    refused: list[RefusedAnswer]
    images: str


@dataclass(frozen=True)
class RetriedAnswer(Answer):
    retried: int


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
class CaseAnswer(CaseRow):
    review: str | None
    roll_up: RollUp
    images: list[ImageRow]
    reports: list[str]
    shared_with: list[str]


@dataclass(frozen=True)
class ReportAnswer(Answer):
    """A report that is being rendered; the same address gives the file when it is ready."""

    report_id: UUID
    status_url: str
    revision: int
    status: str
    job_id: UUID | None
    state: str


@dataclass(frozen=True)
class TokenRow(Answer):
    """A token as lists show it: never the token itself."""

    id: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class TokenAnswer(TokenRow):
    """A new token. `token` is shown this once."""

    token: str


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


@dataclass(frozen=True)
class ImagePage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ImageRow]


@dataclass(frozen=True)
class BatchPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[BatchRow]


@dataclass(frozen=True)
class CasePage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[CaseRow]


@dataclass(frozen=True)
class ModelList(Answer):
    results: list[ModelCardAnswer]


@dataclass(frozen=True)
class TokenList(Answer):
    results: list[TokenRow]


@dataclass(frozen=True)
class ProblemAnswer(Answer):
    """RFC 9457. `code` is stable; `errors` names fields where fields are wrong."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
