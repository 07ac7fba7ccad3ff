"""What was decided about versions, and what holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ActivationAnswer(Answer):
    """A version began to serve. `override` is why, although a gate was not passed.

    `proposed_by` gave the reasons where two people decided, and `by` confirmed them; else it is "".
    """

    model: UUID
    model_name: str
    former: UUID | None
    image_kind: str
    by: str
    proposed_by: str
    reason: str
    override: str
    at: datetime


@dataclass(frozen=True)
class ProposalAnswer(Answer):
    """One administrator proposed that a candidate serves.

    `standing` is open, confirmed or declined, or says why it holds no more: decided, judged_anew,
    gates_changed, serving_changed. While it is open, `open_to` names who may confirm it.
    """

    id: UUID
    model: UUID
    by: str
    reason: str
    override: str
    at: datetime
    standing: str
    open_to: list[str]
    ended_by: str
    ended_at: datetime | None
    declined_because: str


@dataclass(frozen=True)
class ProposalList(Answer):
    """What was proposed of a version, the newest first."""

    results: list[ProposalAnswer]


@dataclass(frozen=True)
class ActivationPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ActivationAnswer]


@dataclass(frozen=True)
class GatesAnswer(Answer):
    """The limits that hold, as shares of 1. `since` is null while they are the usual ones.

    With `two_people`, a candidate is proposed by one administrator and confirmed by another.
    """

    sensitivity_may_lose: float
    sensitivity_floor: float
    macro_f1_may_lose: float
    class_recall_floor: float
    ece_limit: float
    robustness_floor: float
    colour_margin: float
    least_images: int
    card_required: bool
    two_people: bool
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
