"""Located cells: boxes with a class that readers draw, correct and take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Missing, Refused
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.first_reads import images_withheld
from hemaqueue.reviews.models import CellOrigin, LocatedCell
from hemaqueue.reviews.selectors import signature_standing
from hemaqueue.specimens.selectors import case_images

if TYPE_CHECKING:
    from uuid import UUID

    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import Case, SmearImage

MOST = 500  # cells of one image: more is a mistake, or a script
ROUNDED = 1e-5  # of a side: what pages write of a box


class CellRefused(Refused):
    """A cell is a box within the picture, with a known class. Draw it again."""

    code = "cell_refused"


class CellStale(Conflict):
    """Somebody changed this cell in the meantime. Look again."""

    code = "stale_cell"


class CellsClosed(Conflict):
    """The cells of a withdrawn image or of a signed case stay as they are."""

    code = "cells_closed"


@dataclass(frozen=True)
class Box:
    """Left, top, width and height as parts of the picture's width and height, 0 to 1."""

    left: float
    top: float
    width: float
    height: float


def cells_of(image: SmearImage, *, reader: User) -> QuerySet[LocatedCell]:
    """Return the cells that stand; what was proposed is kept from a blind first read."""
    return _cells_on([image.pk], reader=reader)


def case_cells(case: Case, *, reader: User) -> QuerySet[LocatedCell]:
    """Return the cells that stand on a case's images, as `cells_of` does for one."""
    images = list(case_images(case).values_list("pk", flat=True))
    return _cells_on(images, reader=reader).select_related("image")


def _cells_on(images: Sequence[UUID], *, reader: User) -> QuerySet[LocatedCell]:
    withheld = images_withheld(images, reader=reader)
    found = LocatedCell.objects.filter(image__in=images, removed_at=None)
    found = found.exclude(image__in=withheld, origin=CellOrigin.PROPOSED)
    return found.select_related("by").order_by("pk")


def cell_get(image: SmearImage, pk: int, *, reader: User) -> LocatedCell:
    """Return one cell of an image.

    Raises:
        Missing: there is none, or it was taken away.
    """
    found = cells_of(image, reader=reader).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


@transaction.atomic
def cell_add(image: SmearImage, *, box: Box, label: str, by: User) -> LocatedCell:
    """Draw a cell.

    Raises:
        NotAllowed: the reader's role at the image's site does not include deciding.
        CellsClosed, CellRefused: nothing is drawn here, or not this.
    """
    require_open(image, by=by)
    _check(box, label)
    if cells_of(image, reader=by).count() >= MOST:
        raise CellRefused("This picture has 500 cells. Take some away first.")
    cell = LocatedCell.objects.create(image=image, by=by, label=label, **vars(box))
    cell.refresh_from_db()
    audit_record("cell.add", by=by, about=image, cell=cell.pk, label=label, box=vars(box))
    return cell


@transaction.atomic
def cell_change(
    cell: LocatedCell, *, version: int, box: Box | None = None, label: str | None = None, by: User
) -> LocatedCell:
    """Move a cell, or name its class. One that was proposed is corrected once it has a name.

    Raises:
        NotAllowed, CellsClosed, CellRefused: see `cell_add`.
        CellStale: it is no longer what the reader saw.
    """
    locked = _locked(cell, version=version, by=by)
    now = box or _box(locked)
    named = locked.label if label is None else label
    _check(now, named, unnamed=not locked.label)
    if _is_moved(_box(locked), now):
        locked.area = locked.nucleus_share = locked.roundness = None
    for name, value in (vars(now) | {"label": named}).items():
        setattr(locked, name, value)
    if locked.origin == CellOrigin.PROPOSED and named:
        locked.origin, locked.by = CellOrigin.CORRECTED, by
    locked.version += 1
    locked.save()
    audit_record(
        "cell.change", by=by, about=locked.image, cell=locked.pk, label=named, box=vars(now)
    )
    return locked


@transaction.atomic
def cell_remove(cell: LocatedCell, *, version: int, by: User) -> None:
    """Take a cell away; its row stays.

    Raises:
        NotAllowed, CellsClosed, CellStale: see `cell_change`.
    """
    locked = _locked(cell, version=version, by=by)
    LocatedCell.objects.filter(pk=locked.pk).update(removed_at=Now(), version=version + 1)
    audit_record("cell.remove", by=by, about=locked.image, cell=locked.pk)


def _locked(cell: LocatedCell, *, version: int, by: User) -> LocatedCell:
    require_open(cell.image, by=by)
    locked = LocatedCell.objects.select_for_update().get(pk=cell.pk)
    if locked.version != version or locked.removed_at:
        raise CellStale
    return locked


def _box(cell: LocatedCell) -> Box:
    return Box(cell.left, cell.top, cell.width, cell.height)


def _is_moved(before: Box, now: Box) -> bool:
    """Say whether two boxes differ by more than what a page rounds away."""
    pairs = zip(vars(before).values(), vars(now).values(), strict=True)
    return any(abs(one - other) > ROUNDED for one, other in pairs)


def require_open(image: SmearImage, *, by: User) -> None:
    """Raise NotAllowed or CellsClosed where `by` may not change the cells of an image."""
    require(by, act=Act.DECIDE, site=image.site_id)
    if image.withdrawn_at or signature_standing(image.case):
        raise CellsClosed


def _check(box: Box, label: str, *, unnamed: bool = False) -> None:
    values = vars(box).values()
    inside = all(isfinite(value) and 0 <= value <= 1 for value in values)
    fits = box.left + box.width <= 1.000001 and box.top + box.height <= 1.000001
    if not inside or not fits or not box.width or not box.height:
        raise CellRefused
    if label not in CLASSES and not (unnamed and label == ""):
        raise CellRefused


def cells_yolo(cells: Iterable[LocatedCell], *, classes: Sequence[str] = tuple(CLASSES)) -> str:
    """Return cells as YOLO labels: class index, centre x, centre y, width, height, 0 to 1."""
    number = {code: at for at, code in enumerate(classes)}
    return "".join(
        f"{number[cell.label]} {cell.left + cell.width / 2:.6f} {cell.top + cell.height / 2:.6f}"
        f" {cell.width:.6f} {cell.height:.6f}\n"
        for cell in cells
        if cell.label in number
    )
