"""What one labelled picture is to training, whichever way it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from uuid import UUID

from jobcontract.grouping import Item

CONTRADICTED = "contradicted"
"""The reason, and the fault's code, where one picture has two classes."""


@dataclass(frozen=True)
class Sources:
    """From where pictures are taken. `datasets` is None where all that were imported count."""

    confirmed: bool = True
    datasets: tuple[UUID, ...] | None = ()

    def to_json(self) -> dict[str, Any]:
        return {"confirmed": self.confirmed, "datasets": [str(pk) for pk in self.datasets or ()]}


CONFIRMED_ONLY = Sources()
EVERYTHING = Sources(datasets=None)


@dataclass(frozen=True)
class Lesson:
    """One picture with its label, confirmed by a reader (`image`) or imported with a data set.

    `own` is its patient, case, subject or picture, hidden behind a hash; `group` is that joined
    with what looks alike. `look` is its perceptual hash, `otherwise` what else the same bytes were
    called in other files of the data sets; `boxes` are as in `SnapshotImage`.
    """

    key: str
    sha256: str
    label: str
    own: str
    look: int | None = None
    image: UUID | None = None
    confirmed: int | None = None
    imported: UUID | None = None
    group: str = ""
    fold: int = -1
    otherwise: frozenset[str] = frozenset()
    boxes: tuple[tuple[Any, ...], ...] = ()

    @property
    def picture(self) -> UUID:
        return cast("UUID", self.image or self.imported)

    @property
    def source(self) -> int | UUID:
        """What a version has learned from: this label, not only this picture."""
        return cast("int | UUID", self.confirmed or self.imported)

    @property
    def item(self) -> Item:
        return Item(self.own, self.look)


class Exclusion(NamedTuple):
    """`labels` are those that contradict each other, where that is the reason."""

    image: UUID
    reason: str
    labels: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"image": str(self.image), "reason": self.reason, "labels": self.labels}


@dataclass(frozen=True)
class Material:
    lessons: list[Lesson]
    exclusions: list[Exclusion]
