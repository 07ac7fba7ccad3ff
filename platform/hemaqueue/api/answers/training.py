"""Training runs, what they learn from, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hemaqueue.api.answers.base import Answer
from hemaqueue.api.answers.work import ErrorAnswer


@dataclass(frozen=True)
class SnapshotAnswer(Answer):
    """What a run learns from, frozen: images by class, and by reason those left out.

    `number` counts all snapshots. `groups` are patients, subjects or cases where they are known,
    else what a data set named or single pictures, joined where pictures look alike; none of them
    is in two of the `folds`. Of `without_person` images no patient, subject or case is known:
    where there are some, the split is field-disjoint, and figures are optimistic. Of `boxed` images
    the snapshot holds boxes that people drew.
    """

    id: UUID
    url: str
    number: int
    image_kind: str
    digest: str
    confirmed: bool
    datasets: list[str]
    counts: dict[str, int]
    groups: int
    without_person: int
    boxed: int
    folds: int
    excluded: dict[str, int]
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class SnapshotPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[SnapshotAnswer]


@dataclass(frozen=True)
class SnapshotDiffAnswer(Answer):
    """What `newer` has that `older` has not, by the pictures' SHA-256.

    `relabelled` holds the classes (older, newer); `moved` changed group or fold alone.
    """

    older: UUID
    newer: UUID
    added: dict[str, str]
    removed: dict[str, str]
    relabelled: dict[str, list[str]]
    moved: list[str]
    same: int


@dataclass(frozen=True)
class FrozenAdditionAnswer(Answer):
    """An act by which the test set grew; `digest` is that of the whole set after it."""

    version: int
    added: int
    reason: str
    digest: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FrozenAnswer(Answer):
    """The frozen test set of a kind of image: no run learns from it.

    Of `without_person` images no patient, subject or case is known: others of the same patient
    may have taught, and figures are optimistic.
    """

    image_kind: str
    images: int
    groups: int
    without_person: int
    counts: dict[str, int]
    additions: list[FrozenAdditionAnswer]


@dataclass(frozen=True)
class ClassCountAnswer(Answer):
    """`new` are those that the serving version has not learned from."""

    code: str
    total: int
    new: int
    groups: int


@dataclass(frozen=True)
class TrainingPreviewAnswer(Answer):
    """`obstacle` is why a run may not begin, or empty.

    `serving` is null where no version serves: then only a network from nothing can be trained.
    `snapshot` is null where the confirmed labels would be learned from. `seconds_expected` is
    judged by the last run of the network, null where there was none. `contradicted` counts pictures
    of the snapshot that have another class, too, by now.
    """

    image_kind: str
    serving: UUID | None
    classes: list[ClassCountAnswer]
    minimum: int
    excluded: dict[str, int]
    may_start: bool
    obstacle: str
    network: str
    snapshot: UUID | None
    epochs: int
    seconds_expected: float | None
    contradicted: int


@dataclass(frozen=True)
class TrainingPreviewList(Answer):
    """What would be learned, for each kind of image that was asked about."""

    results: list[TrainingPreviewAnswer]


@dataclass(frozen=True)
class GateAnswer(Answer):
    """A figure the candidate has to reach: `limit` is the least, or with `at_most` the most.

    `passed` is null where a figure is missing; `about` says which part the figure is of.
    """

    name: str
    candidate: float | None
    before: float | None
    limit: float | None
    passed: bool | None
    at_most: bool
    about: str


@dataclass(frozen=True)
class TrainingRunAnswer(Answer):
    """A run. `state` is that of its job; `fault` is why its bundle was not registered.

    `seconds_left` is an estimate by the epochs that are done, null before the first and after all.
    `ended_early` is the epoch after which learning ended because nothing got better for the
    `patience` of its `settings`, null if it did not.

    `curve` has an entry for each epoch. An empty `network`: `base` goes on learning; else the
    network starts from nothing, and `base` is what it is compared with.
    """

    id: UUID
    url: str
    image_kind: str
    state: str
    stage: str
    final: bool
    progress: dict[str, Any]
    curve: list[dict[str, float]]
    network: str
    settings: dict[str, Any]
    epochs: int
    ended_early: int | None
    seconds_left: float | None
    seed: int
    snapshot: SnapshotAnswer
    base: UUID
    candidate: UUID | None
    metrics: dict[str, Any]
    gates: list[GateAnswer]
    error: ErrorAnswer | None
    fault: str
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class TrainingRunPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[TrainingRunAnswer]
