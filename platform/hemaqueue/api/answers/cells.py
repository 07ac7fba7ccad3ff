"""Located cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class CellAnswer(Answer):
    """A box with a class; numbers are parts of the picture's width and height, 0 to 1.

    `origin`: drawn, proposed (`label` is empty then) or corrected. `version` goes back with a
    change. What segmentation measured: `area` is the cell's share of the picture, `nucleus_share`
    the nucleus's of the cell, `roundness` of the nucleus 1 for a disc; null once a box is changed.
    """

    id: int
    label: str
    left: float
    top: float
    width: float
    height: float
    area: float | None
    nucleus_share: float | None
    roundness: float | None
    origin: str
    by: str | None
    version: int
    at: datetime


@dataclass(frozen=True)
class CellsAnswer(Answer):
    """The cells of one image that stand."""

    results: list[CellAnswer]
