"""How large a pixel is; null where nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ScaleAnswer(Answer):
    """What a site's microscope gives."""

    site: str
    microns_per_pixel: float | None


@dataclass(frozen=True)
class ScaleChangeAnswer(Answer):
    image: UUID
    before: float | None
    after: float | None
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class ImageScaleAnswer(Answer):
    """`changes` are all that were made to this image, the oldest first."""

    image: UUID
    microns_per_pixel: float | None
    changes: list[ScaleChangeAnswer]


@dataclass(frozen=True)
class ScaleChangeList(Answer):
    """What one request changed; empty where everything had this scale before."""

    results: list[ScaleChangeAnswer]
