"""What was decided about versions, and what holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ActivationAnswer(Answer):
    """A version began to serve. `override` is why, although a gate was not passed."""

    model: UUID
    model_name: str
    former: UUID | None
    image_kind: str
    by: str
    reason: str
    override: str
    at: datetime


@dataclass(frozen=True)
class ActivationPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ActivationAnswer]


@dataclass(frozen=True)
class GatesAnswer(Answer):
    """The limits that hold, as shares of 1. `since` is null while they are the usual ones."""

    sensitivity_may_lose: float
    sensitivity_floor: float
    macro_f1_may_lose: float
    class_recall_floor: float
    ece_limit: float
    robustness_floor: float
    colour_margin: float
    least_images: int
    card_required: bool
    reason: str
    since: datetime | None


@dataclass(frozen=True)
class PointAnswer(Answer):
    """The thresholds that hold for new results. `since` is null while they are the bundle's own."""

    model: UUID
    decision: float | None
    abstain: float | None
    evaluation: UUID | None
    by: str
    reason: str
    since: datetime | None


@dataclass(frozen=True)
class SuspensionAnswer(Answer):
    """`site` is null where AI is suspended everywhere."""

    site: str | None
    by: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class SuspensionList(Answer):
    """What is suspended now and concerns you."""

    results: list[SuspensionAnswer]


@dataclass(frozen=True)
class CardTextAnswer(Answer):
    """What a person said of a version; all is empty while nobody did."""

    model: UUID
    summary: str
    intended_use: str
    warnings: str
    known_failures: str
    by: str
    at: datetime | None
