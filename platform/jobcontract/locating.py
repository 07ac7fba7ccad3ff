"""White cells of a picture: what a worker is asked, and what it found."""

from __future__ import annotations

from dataclasses import dataclass

from jobcontract.messages import Message, SealedFile


@dataclass(frozen=True)
class LocateCells(Message):
    """Body of one job of LOCATE_CELLS: no model has a part in it."""

    image: SealedFile


@dataclass(frozen=True)
class FoundCell(Message):
    """A box as shares of the picture's sides, and what was measured within it.

    `area` is the cell's share of the picture, `nucleus_share` the nucleus's of the cell;
    `roundness` of the nucleus is 4π·area/perimeter², 1 for a disc.
    """

    left: float
    top: float
    width: float
    height: float
    area: float
    nucleus_share: float
    roundness: float


@dataclass(frozen=True)
class FoundCells(Message):
    """The white cells of one picture, from left to right."""

    cells: tuple[FoundCell, ...] = ()
