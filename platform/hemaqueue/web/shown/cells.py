"""Located cells as boxes on the picture, and as rows with a cut-out beside it."""

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
from hemaqueue.web.shown.locating import NOT_HERE, Locating, locating_shown
from hemaqueue.web.shown.numbers import number

AROUND = 1.3
"""The side of a cut-out: so many times the longer side of its cell."""


@dataclass(frozen=True)
class CellShown:
    """Numbers are parts of the picture, written with a point: scripts and forms read them.

    `cut` is the part of the picture around the cell, in its pixels, as a viewBox.
    """

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
    proposed: bool
    measured: str
    cut: str

    @property
    def percents(self) -> dict[str, str]:
        """The box in percent of the picture, for a drawing without scripts."""
        sides = ("left", "top", "width", "height")
        return {side: f"{100 * float(getattr(self, side)):.3f}" for side in sides}


@dataclass(frozen=True)
class CellsShown:
    """`add_url` is empty for who may not draw. `said` is the notice of a refused change."""

    image: SmearImage
    rows: list[CellShown]
    classes: list[tuple[str, str]]
    add_url: str
    proposed_url: str
    locating: Locating
    said: str = ""

    @property
    def proposed(self) -> int:
        """How many wait for a name."""
        return sum(row.proposed for row in self.rows)


def cells_shown(image: SmearImage, *, user: User, said: str = "") -> CellsShown:
    """Return the cells that `user` may see, and whether they may draw."""
    draws = (
        may(user, act=Act.DECIDE, site=image.site_id)
        and image.withdrawn_at is None
        and not case_is_signed(image.case)
    )
    cells = cells_of(image, reader=user)
    return CellsShown(
        image=image,
        rows=[cell_shown(cell, number, image=image) for number, cell in enumerate(cells, start=1)],
        classes=[(code, str(words.name)) for code, words in CLASSES.items()],
        add_url=reverse("image_cells", args=[image.pk]) if draws else "",
        proposed_url=reverse("image_proposed", args=[image.pk]),
        locating=locating_shown(image, user=user) if draws else NOT_HERE,
        said=said,
    )


def cell_shown(cell: LocatedCell, number: int, *, image: SmearImage) -> CellShown:
    """Return a cell; `number` is its place among those of the picture."""
    by = cell.by.printed_name if cell.by else ""
    proposed = cell.origin == CellOrigin.PROPOSED
    words = _("cell %(n)d, proposed") if proposed else _("cell %(n)d, by %(name)s")
    return CellShown(
        id=cell.pk,
        url=reverse("image_cell", args=[cell.image_id, cell.pk]),
        label=cell.label,
        word=str(class_words(cell.label).name) if cell.label else _("not named"),
        code=class_words(cell.label).css,
        words=words % {"n": number, "name": by},
        left=f"{cell.left:.5f}",
        top=f"{cell.top:.5f}",
        width=f"{cell.width:.5f}",
        height=f"{cell.height:.5f}",
        version=cell.version,
        proposed=proposed,
        measured=_measured(cell, image=image),
        cut=_cut(cell, image=image),
    )


def _measured(cell: LocatedCell, *, image: SmearImage) -> str:
    """Return what segmentation measured within the box, "" where nothing was."""
    if cell.nucleus_share is None or cell.roundness is None or cell.area is None:
        return ""
    said = _("nucleus %(share)s %% of the cell · roundness %(round)s") % {
        "share": round(100 * cell.nucleus_share),
        "round": number(round(cell.roundness, 2), 2),
    }
    if image.microns_per_pixel is None:
        return said
    area = cell.area * image.width * image.height * image.microns_per_pixel**2
    return f"{said} · {round(area)} µm²"


def _cut(cell: LocatedCell, *, image: SmearImage) -> str:
    """Return a square around a cell, with some of its surroundings."""
    width, height = cell.width * image.width, cell.height * image.height
    side = AROUND * max(width, height)
    left = cell.left * image.width + (width - side) / 2
    top = cell.top * image.height + (height - side) / 2
    return f"{left:.1f} {top:.1f} {side:.1f} {side:.1f}"
