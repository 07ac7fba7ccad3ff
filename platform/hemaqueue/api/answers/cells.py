"""Located cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class CellAnswer(Answer):
    """A box with a class; numbers are parts of the picture's width and height, 0 to 1.

    `origin`: drawn, proposed or corrected. `version` goes back with a change.
    """

    id: int
    label: str
    left: float
    top: float
    width: float
    height: float
    origin: str
    by: str | None
    version: int
    at: datetime


@dataclass(frozen=True)
class CellsAnswer(Answer):
    """The cells of one image that stand."""

    results: list[CellAnswer]
