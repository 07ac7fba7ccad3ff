"""Proposed cells: where none is or was, nobody's word until a reader names or removes them."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews.cells import (
    Box,
    CellRefused,
    CellsClosed,
    cell_add,
    cell_change,
    cell_get,
    cell_remove,
    cells_of,
    cells_yolo,
)
from hemaqueue.reviews.first_reads import FirstReadDue
from hemaqueue.reviews.models import LocatedCell
from hemaqueue.reviews.proposed_cells import (
    NotAField,
    cells_propose,
    proposals_name,
    proposals_remove,
    require_findable,
)
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.boxes import boxes_drawn
from jobcontract.locating import FoundCell
from tests import factories, readings

pytestmark = pytest.mark.django_db
MEASURED = {"area": 0.02, "nucleus_share": 0.7, "roundness": 0.8}
LEFT = FoundCell(left=0.1, top=0.2, width=0.2, height=0.2, **MEASURED)
RIGHT = FoundCell(left=0.6, top=0.2, width=0.2, height=0.2, **MEASURED)


@pytest.fixture
def image(db: None) -> SmearImage:
    return factories.image()


def test_what_is_proposed_is_nobodys_word(image: SmearImage, clara: User) -> None:
    cells_propose(image, [LEFT, RIGHT])
    first, second = cells_of(image, reader=clara)
    assert (first.origin, first.label, first.by, first.roundness) == ("proposed", "", None, 0.8)
    assert cells_yolo([first, second]) == ""
    assert not boxes_drawn([image.pk])


def test_a_place_is_proposed_once_though_it_was_taken_away(image: SmearImage, clara: User) -> None:
    cells_propose(image, [LEFT])
    cell_remove(cells_of(image, reader=clara).get(), version=1, by=clara)
    cell_add(image, box=Box(0.6, 0.21, 0.2, 0.2), label="pre_b", by=clara)
    assert cells_propose(image, [LEFT, RIGHT]) == []


def test_naming_all_makes_them_the_readers(image: SmearImage, clara: User) -> None:
    drawn = cell_add(image, box=Box(0.0, 0.7, 0.1, 0.1), label="benign", by=clara)
    cells_propose(image, [LEFT, RIGHT])
    assert proposals_name(image, label="pro_b", by=clara) == 2
    assert cell_get(image, drawn.pk, reader=clara).label == "benign"
    named = cells_of(image, reader=clara).exclude(pk=drawn.pk)
    assert {(one.label, one.origin, one.by, one.version) for one in named} == {
        ("pro_b", "corrected", clara, 2)
    }
    assert len(boxes_drawn([image.pk])[image.pk]) == 3
    event = AuditEvent.objects.get(action="cell.name_proposed")
    assert event.details["cells"] == 2


def test_taking_all_away_leaves_what_a_reader_named(image: SmearImage, clara: User) -> None:
    cells_propose(image, [LEFT, RIGHT])
    kept = cells_of(image, reader=clara).first()
    assert kept is not None
    cell_change(kept, version=1, label="pre_b", by=clara)
    assert proposals_remove(image, by=clara) == 1
    assert [one.pk for one in cells_of(image, reader=clara)] == [kept.pk]


def test_a_box_that_is_moved_has_no_measures_and_needs_no_name(
    image: SmearImage, clara: User
) -> None:
    cells_propose(image, [LEFT, RIGHT])
    moved, named = cells_of(image, reader=clara)
    moved = cell_change(moved, version=1, box=Box(0.1, 0.2, 0.3, 0.2), by=clara)
    assert (moved.label, moved.area, moved.nucleus_share, moved.roundness) == ("", *[None] * 3)
    assert (moved.origin, moved.by) == ("proposed", None)
    named = cell_change(named, version=1, label="pre_b", by=clara)
    assert (named.label, named.nucleus_share) == ("pre_b", 0.7)
    with pytest.raises(CellRefused):
        cell_change(named, version=2, label="", by=clara)


def test_no_class_is_no_name(image: SmearImage, clara: User) -> None:
    cells_propose(image, [LEFT])
    with pytest.raises(CellRefused, match="Choose the class"):
        proposals_name(image, label="", by=clara)


def test_only_readers_ask_and_only_of_open_fields(clara: User) -> None:
    case = readings.case_ready(by=clara)
    image = case.images.get()
    require_findable(image, by=clara)
    with pytest.raises(NotAllowed):
        require_findable(image, by=factories.tessa())
    with pytest.raises(NotAField):
        require_findable(factories.image(kind="cell"), by=clara)
    readings.signature(case, by=clara)
    for refused in (require_findable, proposals_remove):
        with pytest.raises(CellsClosed):
            refused(image, by=clara)
    assert cells_propose(image, [LEFT]) == []
    assert not LocatedCell.objects.exists()


def test_who_reads_blind_asks_after_the_first_read(image: SmearImage, clara: User) -> None:
    readings.reads_blind(image.site)
    with pytest.raises(FirstReadDue):
        require_findable(image, by=clara)
    with pytest.raises(FirstReadDue):
        proposals_name(image, label="pre_b", by=clara)
