"""White cells of stored pictures: boxes as shares, whatever the size; a bad file fails alone."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inference_worker.locating import LARGEST, cells_found
from inference_worker.parcels import located
from jobcontract import storage
from jobcontract.locating import FoundCells, LocateCells
from jobcontract.messages import Parcel, Ticket
from jobcontract.names import Work
from jobcontract.sealing import write_sealed
from tests.inference_worker.making import png

GROUND, PURPLE = (235, 215, 225), (90, 40, 140)


def field(*, side: int = 200) -> np.ndarray:
    """Draw two nuclei, a tenth of the side in radius."""
    picture = np.full((side, side, 3), GROUND, np.uint8)
    for x in (0.25, 0.75):
        cv2.circle(picture, (int(x * side), side // 2), side // 10, PURPLE, -1)
    return picture


def test_a_large_picture_gives_the_shares_of_a_small_one() -> None:
    small, large = cells_found(field()).cells, cells_found(field(side=3 * LARGEST)).cells
    assert len(small) == len(large) == 2
    for one, other in zip(small, large, strict=True):
        assert other.left == pytest.approx(one.left, abs=0.02)
        assert other.width == pytest.approx(one.width, abs=0.02)
        assert other.area == pytest.approx(one.area, rel=0.2)
        assert 0 < other.nucleus_share <= 1


def test_every_picture_has_its_outcome(store: Path) -> None:
    pictures = [field(), field(), np.full((64, 64, 3), 230, np.uint8)]
    files = [write_sealed(f"images/{at}", png(one)) for at, one in enumerate(pictures)]
    storage.write(files[1].key, b"HQF1 nothing that was sealed here")
    parcel = Parcel(
        id="p",
        work=Work.LOCATE_CELLS,
        tickets=tuple(Ticket(f"job{at}", 1) for at in range(3)),
        bodies=tuple(LocateCells(image=file).to_json() for file in files),
    )
    found, bad, none = located(parcel)
    assert len(FoundCells.from_json(found.body).cells) == 2
    assert (bad.ok, bad.code) == (False, "file_damaged")
    assert (none.ok, FoundCells.from_json(none.body).cells) == (True, ())
