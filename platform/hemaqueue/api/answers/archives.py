"""Archives and manifests."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ArchiveAnswer(Answer):
    """A ZIP that was taken; its files become images of the batch one after another."""

    batch_id: UUID
    job_id: UUID
    files: int
    status_url: str
    batch_url: str


@dataclass(frozen=True)
class FindingAnswer(Answer):
    """Something wrong with a manifest. `line` is 0 for a file that no row names."""

    code: str
    detail: str
    line: int
    filename: str
    column: str


@dataclass(frozen=True)
class ManifestRowAnswer(Answer):
    """What the manifest says of one file; what it leaves empty is the request's own."""

    filename: str
    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class ManifestAnswer(Answer):
    """A manifest looked over. Only a clean one is taken."""

    files: int
    clean: bool
    rows: list[ManifestRowAnswer]
    findings: list[FindingAnswer]
