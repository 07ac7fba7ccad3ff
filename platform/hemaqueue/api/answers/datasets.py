"""Data sets that were brought in from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class DatasetAnswer(Answer):
    """A data set. `state`: looked_over, waiting, importing, imported, failed or cancelled.

    `names` are its own words for classes with how many pictures have them, `classes` what each
    becomes here ("" is left out); `counts` are what was imported, `faults` what was not, by code:
    expected ones before the import, those met after it. `groups` are what no split parts. `traits`
    counts the pictures of which site, stain, device, scanner, sex or age is kept, `columns_unkept`
    names the manifest's columns of which nothing is.
    """

    id: UUID
    url: str
    name: str
    image_kind: str
    layout: str
    source: str
    state: str
    names: dict[str, int]
    classes: dict[str, str]
    counts: dict[str, int]
    subjects: int
    groups: int
    faults: dict[str, int]
    done: int
    of: int
    job_url: str | None
    made_by: str
    made_at: datetime
    traits: dict[str, int]
    columns_unkept: list[str]


@dataclass(frozen=True)
class DatasetPage(Answer):
    """One page; `next` is the address of the one after it."""

    next: str | None
    results: list[DatasetAnswer]


@dataclass(frozen=True)
class DatasetFaultAnswer(Answer):
    """A file that was not imported, and why; at most a thousand are told."""

    filename: str
    code: str
    detail: str


@dataclass(frozen=True)
class DatasetFaultList(Answer):
    results: list[DatasetFaultAnswer]


@dataclass(frozen=True)
class DatasetPictureAnswer(Answer):
    """A picture of a data set. `teaches` ends with a withdrawal; `label` is "" where it has none.

    Pictures of one `group` stay on one side of every split.
    """

    id: UUID
    url: str
    file_url: str
    dataset: UUID
    filename: str
    sha256: str
    label: str
    subject: str
    group: str
    width: int
    height: int
    traits: dict[str, str]
    teaches: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class DatasetPicturePage(Answer):
    """One page, by class; `next` is the address of the one after it."""

    next: str | None
    results: list[DatasetPictureAnswer]


@dataclass(frozen=True)
class PictureUseAnswer(DatasetPictureAnswer):
    """`snapshots` hold it, `models` learned from it themselves; `judges`: it is in the test set."""

    snapshots: int
    models: list[UUID]
    judges: bool


@dataclass(frozen=True)
class PictureWithdrawalAnswer(Answer):
    """`scope` is image (it teaches no more, nor does its label) or back (it teaches again)."""

    picture: UUID
    scope: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class PictureWithdrawalList(Answer):
    results: list[PictureWithdrawalAnswer]
