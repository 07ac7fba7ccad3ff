"""Located cells as boxes on the picture and as rows beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.predictions.classes import CLASSES, class_words
from hemaqueue.reviews.cells import cells_of
from hemaqueue.reviews.models import CellOrigin, LocatedCell
from hemaqueue.reviews.states import case_is_signed
from hemaqueue.specimens.models import SmearImage


@dataclass(frozen=True)
class CellShown:
    """Numbers are parts of the picture, written with a point: scripts and forms read them."""

    id: int
    url: str
    label: str
    word: str
    code: str
    words: str
    left: str
    top: str
    width: str
    height: str
    version: int

    @property
    def percents(self) -> dict[str, str]:
        """The box in percent of the picture, for a drawing without scripts."""
        sides = ("left", "top", "width", "height")
        return {side: f"{100 * float(getattr(self, side)):.3f}" for side in sides}


@dataclass(frozen=True)
class CellsShown:
    """`add_url` is empty for who may not draw. `said` is the notice of a refused change."""

    rows: list[CellShown]
    classes: list[tuple[str, str]]
    add_url: str
    said: str = ""


def cells_shown(image: SmearImage, *, user: User, said: str = "") -> CellsShown:
    """Return the cells that `user` may see, and whether they may draw."""
    draws = (
        may(user, act=Act.DECIDE, site=image.site_id)
        and image.withdrawn_at is None
        and not case_is_signed(image.case)
    )
    cells = cells_of(image, reader=user)
    return CellsShown(
        rows=[_cell(cell, number) for number, cell in enumerate(cells, start=1)],
        classes=[(code, str(words.name)) for code, words in CLASSES.items()],
        add_url=reverse("image_cells", args=[image.pk]) if draws else "",
        said=said,
    )


def _cell(cell: LocatedCell, number: int) -> CellShown:
    by = cell.by.printed_name if cell.by else _("a model")
    proposed = cell.origin == CellOrigin.PROPOSED
    words = _("cell %(n)d, proposed") if proposed else _("cell %(n)d, by %(name)s")
    return CellShown(
        id=cell.pk,
        url=reverse("image_cell", args=[cell.image_id, cell.pk]),
        label=cell.label,
        word=str(class_words(cell.label).name),
        code=class_words(cell.label).css,
        words=words % {"n": number, "name": by},
        left=f"{cell.left:.5f}",
        top=f"{cell.top:.5f}",
        width=f"{cell.width:.5f}",
        height=f"{cell.height:.5f}",
        version=cell.version,
    )
