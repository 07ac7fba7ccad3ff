"""Images, and what was said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer
from hemaqueue.api.answers.models import ModelAnswer
from hemaqueue.api.answers.work import ErrorAnswer, JobAnswer


@dataclass(frozen=True)
class UploadAnswer(Answer):
    """A file that was taken. A duplicate names the image that is here already.

    A held one is poor and waits for your choice; no work was asked for it.
    """

    image_id: UUID
    case_id: UUID
    job_id: UUID | None
    status_url: str
    image_url: str
    duplicate_of: UUID | None = None
    held: bool = False


@dataclass(frozen=True)
class PredictionAnswer(Answer):
    """What one model version said of one image. `confidence` is the score of `label`.

    `scores` are calibrated with the temperature of the version. `scores_uncalibrated` are the
    softmax of the network's own logits, as if it were 1; null where the version names none.
    No threshold, flag or band is made of them. `thresholds` are those under which it was said.
    """

    label: str
    name: str
    scores: dict[str, float]
    scores_uncalibrated: dict[str, float] | None
    confidence: float
    band: str
    malignant: float
    flags: list[str]
    thresholds: dict[str, float]
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
    """Everything about one image. `stamp` goes back with a decision.

    `withheld`: its site reads blind, and `prediction` is null until you recorded a first read.
    """

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
    microns_per_pixel: float | None
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
    withheld: bool
    decisions: list[DecisionAnswer]
    stamp: str


@dataclass(frozen=True)
class ImagePage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ImageRow]


@dataclass(frozen=True)
class PredictionList(Answer):
    """Everything that versions said of an image, the newest first."""

    results: list[PredictionAnswer]
