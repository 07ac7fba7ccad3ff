"""What versions scored, and what they said of single pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class EvaluationRow(Answer):
    """One evaluation in a list. `data_digest` names the pictures with their labels."""

    id: UUID
    url: str
    model: UUID
    model_name: str
    digest: str
    data: str
    data_digest: str
    split: str
    suite: str
    n: int
    source: str
    accuracy: float
    colour_only_accuracy: float | None
    at: datetime
    by: str


@dataclass(frozen=True)
class EvaluationAnswer(EvaluationRow):
    """`report` has every figure, as `./hemaqueue evaluate --json` prints them.

    A subgroup of fewer than 20 images has `too_few` and no figures.
    """

    report: dict[str, Any]


@dataclass(frozen=True)
class FoldsAnswer(Answer):
    """What the version's recipe scores on folds of whole groups, each trained on the others.

    `report` has mean, spread and each fold's value of every figure, with the colour-only
    baseline's, as `./hemaqueue train --folds` prints them.
    """

    folds: int
    n: int
    groups: int
    split: str
    data_digest: str
    report: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class EvaluationList(Answer):
    """`judging` is the state of the newest judging that was asked for, "" where none was.

    `folds` is null where no cross-validation was taken in.
    """

    results: list[EvaluationRow]
    judging: str
    folds: FoldsAnswer | None


@dataclass(frozen=True)
class ErrorReadingAnswer(Answer):
    """Why, in one person's eyes, a picture was named wrongly; none where they took it back."""

    reasons: list[str]
    by: str
    at: datetime


@dataclass(frozen=True)
class ErrorReadingList(Answer):
    """Everything that was said of a picture, the newest first. Each person's newest counts."""

    results: list[ErrorReadingAnswer]


@dataclass(frozen=True)
class EvaluatedPictureAnswer(Answer):
    """What the version said of one picture.

    `image` and `site` are null where it is not here for you, `imported` where it came with no
    data set. `readings` say why it was named wrongly: what counts of each person.
    """

    id: int
    sha256: str
    image: UUID | None
    imported: UUID | None
    site: str | None
    label: str
    named: str
    confidence: float
    scores: dict[str, float]
    malignant: float
    called_malignant: bool
    ood_score: float
    readings: list[ErrorReadingAnswer]


@dataclass(frozen=True)
class EvaluatedPictureList(Answer):
    """`count` is how many there are; `results` has a page of them, `next` the address of more.

    `reasons` counts those of the side or cell that bear each reason, and as "none" those that
    bear none, whatever `reason` is asked for.
    """

    count: int
    reasons: dict[str, int]
    next: str | None
    results: list[EvaluatedPictureAnswer]


@dataclass(frozen=True)
class McNemarAnswer(Answer):
    """McNemar's exact test: images that only one of the two gets right, and the two-sided p."""

    only_this_right: int
    only_against_right: int
    p: float


@dataclass(frozen=True)
class DifferenceAnswer(Answer):
    """A figure of both, and what `this` has more, with its 95 % interval by paired bootstrap."""

    this: float | None
    against: float | None
    difference: float | None
    interval: list[float] | None


@dataclass(frozen=True)
class FlipAnswer(Answer):
    """An image that the two name or call otherwise; `image` is null where it is not here."""

    sha256: str
    image: UUID | None
    label: str
    this: str
    against: str
    this_malignant: bool
    against_malignant: bool
    this_confidence: float
    against_confidence: float
    change: str


@dataclass(frozen=True)
class ComparisonAnswer(Answer):
    """Two versions on the same images. `flips` has what got worse first, at most 1,000."""

    this: EvaluationRow
    against: EvaluationRow
    n: int
    mcnemar: dict[str, McNemarAnswer]
    difference: dict[str, DifferenceAnswer]
    flipped: dict[str, int]
    flips: list[FlipAnswer]
