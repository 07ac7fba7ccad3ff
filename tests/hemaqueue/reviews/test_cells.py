"""Cells on a picture: within it, with a class, and never overwritten unseen."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.reviews.cells import (
    Box,
    CellRefused,
    CellsClosed,
    CellStale,
    cell_add,
    cell_change,
    cell_get,
    cell_remove,
    cells_of,
    cells_yolo,
)
from hemaqueue.reviews.models import LocatedCell
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings

pytestmark = pytest.mark.django_db
BOX = Box(0.1, 0.2, 0.3, 0.4)


@pytest.fixture
def image(db: None) -> SmearImage:
    return factories.image()


def test_a_cell_is_moved_named_and_taken_away(image: SmearImage, clara: User) -> None:
    cell = cell_add(image, box=BOX, label="pre_b", by=clara)
    moved = cell_change(cell, version=1, box=Box(0.5, 0.5, 0.2, 0.2), label="pro_b", by=clara)
    assert (moved.left, moved.label, moved.version) == (0.5, "pro_b", 2)
    cell_remove(moved, version=2, by=clara)
    assert not cells_of(image, reader=clara).exists()
    assert LocatedCell.objects.get().removed_at is not None
    with pytest.raises(Missing):
        cell_get(image, cell.pk, reader=clara)
    told = AuditEvent.objects.filter(action__startswith="cell.").order_by("id")
    assert [event.action for event in told] == ["cell.add", "cell.change", "cell.remove"]


@pytest.mark.parametrize(
    ("box", "label"),
    [
        (Box(0.8, 0.1, 0.3, 0.1), "pre_b"),
        (Box(-0.1, 0.1, 0.3, 0.1), "pre_b"),
        (Box(0.1, 0.1, 0.0, 0.1), "pre_b"),
        (Box(float("nan"), 0.1, 0.1, 0.1), "pre_b"),
        (BOX, "martian"),
        (BOX, ""),
    ],
)
def test_what_is_no_cell_is_refused(image: SmearImage, clara: User, box: Box, label: str) -> None:
    with pytest.raises(CellRefused):
        cell_add(image, box=box, label=label, by=clara)


def test_a_cell_that_somebody_changed_is_not_overwritten(image: SmearImage, clara: User) -> None:
    cell = cell_add(image, box=BOX, label="pre_b", by=clara)
    cell_change(cell, version=1, label="pro_b", by=factories.person("carl", "clinician"))
    with pytest.raises(CellStale):
        cell_change(cell, version=1, label="benign", by=clara)
    with pytest.raises(CellStale):
        cell_remove(cell, version=1, by=clara)


def test_a_corrected_proposal_says_so(image: SmearImage, clara: User) -> None:
    cell = LocatedCell.objects.create(image=image, label="pre_b", origin="proposed", **vars(BOX))
    changed = cell_change(cell, version=1, label="pro_b", by=clara)
    assert (changed.origin, changed.by) == ("corrected", clara)


def test_proposals_are_kept_from_a_blind_first_read(image: SmearImage, clara: User) -> None:
    LocatedCell.objects.create(image=image, label="pre_b", origin="proposed", **vars(BOX))
    readings.reads_blind(image.site)
    assert not cells_of(image, reader=clara).exists()
    assert cells_of(image, reader=factories.tessa()).exists()


def test_only_readers_draw_and_not_in_a_signed_case(clara: User) -> None:
    case = readings.case_ready(by=clara)
    with pytest.raises(NotAllowed):
        cell_add(case.images.get(), box=BOX, label="pre_b", by=factories.tessa())
    readings.signature(case, by=clara)
    with pytest.raises(CellsClosed):
        cell_add(case.images.get(), box=BOX, label="pre_b", by=clara)


def test_cells_are_written_as_yolo_labels(image: SmearImage, clara: User) -> None:
    cell_add(image, box=BOX, label="pre_b", by=clara)
    written = cells_yolo(cells_of(image, reader=clara))
    assert written == "2 0.250000 0.400000 0.300000 0.400000\n"
