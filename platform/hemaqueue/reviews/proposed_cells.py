"""White cells that segmentation proposes: they are nobody's word before a reader names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.cells import MOST, CellRefused, require_open
from hemaqueue.reviews.first_reads import require_revealed
from hemaqueue.reviews.models import CellOrigin, LocatedCell
from hemaqueue.reviews.selectors import signature_standing
from hemaqueue.specimens.models import ImageKind, SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from jobcontract.locating import FoundCell

SAME = 0.5
"""Intersection over union from which a proposal is a cell that is there, or was taken away."""


class NotAField(Conflict):
    """A picture of one cell has no cells to find. Draw the box yourself."""

    code = "not_a_field"


def require_findable(image: SmearImage, *, by: User) -> None:
    """Raise where cells cannot be proposed.

    Raises:
        NotAllowed, CellsClosed: see `cell_add`.
        FirstReadDue, AiSuspended: what machines say of this image is kept from `by`.
        NotAField: the picture shows a single cell.
    """
    require_open(image, by=by)
    require_revealed(image, reader=by)
    if image.kind == ImageKind.CELL:
        raise NotAField


@transaction.atomic
def cells_propose(image: SmearImage, found: Sequence[FoundCell]) -> list[LocatedCell]:
    """Keep what was found, but where a cell is or was, and on what is closed by now."""
    if image.withdrawn_at or signature_standing(image.case):
        return []
    known = list(LocatedCell.objects.filter(image=image))
    fresh = [one for one in found if all(_overlap(one, cell) < SAME for cell in known)]
    return LocatedCell.objects.bulk_create(
        LocatedCell(image=image, origin=CellOrigin.PROPOSED, **one.to_json())
        for one in fresh[: max(MOST - len(known), 0)]
    )


@transaction.atomic
def proposals_name(image: SmearImage, *, label: str, by: User) -> int:
    """Name every cell that is still proposed; return how many they were.

    Raises:
        NotAllowed, CellsClosed, CellRefused: see `cell_add`.
        FirstReadDue, AiSuspended: see `require_findable`.
    """
    if label not in CLASSES:
        raise CellRefused("Choose the class that every proposed cell is to have.")
    named = _proposed(image, by=by).update(
        label=label, origin=CellOrigin.CORRECTED, by=by, version=F("version") + 1
    )
    audit_record("cell.name_proposed", by=by, about=image, label=label, cells=named)
    return named


@transaction.atomic
def proposals_remove(image: SmearImage, *, by: User) -> int:
    """Take every cell away that is still proposed; return how many they were.

    Raises: see `proposals_name`.
    """
    gone = _proposed(image, by=by).update(removed_at=Now(), version=F("version") + 1)
    audit_record("cell.remove_proposed", by=by, about=image, cells=gone)
    return gone


def _proposed(image: SmearImage, *, by: User) -> QuerySet[LocatedCell]:
    require_open(image, by=by)
    require_revealed(image, reader=by)
    return LocatedCell.objects.filter(image=image, origin=CellOrigin.PROPOSED, removed_at=None)


def _overlap(one: FoundCell, cell: LocatedCell) -> float:
    """Return intersection over union of two boxes."""
    width = min(one.left + one.width, cell.left + cell.width) - max(one.left, cell.left)
    height = min(one.top + one.height, cell.top + cell.height) - max(one.top, cell.top)
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (one.width * one.height + cell.width * cell.height - shared)
