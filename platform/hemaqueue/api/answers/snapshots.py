"""What a snapshot holds and what it left out, picture by picture."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class SnapshotImageAnswer(Answer):
    """A picture of a snapshot: of a case, where a reader confirmed its label, or of `dataset`."""

    image: UUID
    sha256: str
    label: str
    group: str
    fold: int
    dataset: UUID | None


@dataclass(frozen=True)
class SnapshotImagePage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[SnapshotImageAnswer]


@dataclass(frozen=True)
class ExclusionAnswer(Answer):
    """A picture that a snapshot left out, and why; `image` is of a case or of a data set.

    `labels` are the classes that contradict each other, where that is the reason.
    """

    image: UUID
    sha256: str
    reason: str
    labels: list[str]


@dataclass(frozen=True)
class ExclusionPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ExclusionAnswer]


@dataclass(frozen=True)
class ContradictedAnswer(Answer):
    """A picture of a snapshot that has another class, too, by now; `labels` are all that it has."""

    image: UUID
    sha256: str
    label: str
    labels: list[str]


@dataclass(frozen=True)
class ContradictedPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[ContradictedAnswer]
