"""The white cells of a case, cut out side by side, under the classes that readers gave them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.predictions.classes import class_words, classes_ordered
from hemaqueue.reviews.cells import case_cells
from hemaqueue.reviews.models import LocatedCell
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.web.paging import Pages, page_after
from hemaqueue.web.shown.cells import CellShown, cell_shown
from hemaqueue.web.shown.numbers import percent

TILES = 60
UNNAMED = "none"
"""So an address calls cells without a class."""


@dataclass(frozen=True)
class Kind:
    """Cells of one class; `share` is of those that have one."""

    word: str
    css: str
    count: int
    share: str
    url: str
    current: bool


@dataclass(frozen=True)
class Tile:
    cell: CellShown
    image: SmearImage
    url: str


@dataclass(frozen=True)
class CaseCells:
    """`total` counts cells of all classes on `images` pictures; `all_url` shows them all."""

    accession: str
    case_url: str
    total: int
    images: int
    kinds: list[Kind]
    all_url: str
    tiles: list[Tile]
    pages: Pages


def case_cells_shown(case: Case, *, user: User, query: QueryDict) -> CaseCells:
    """Return one page of the cells that `user` may see, of the class that `query` names."""
    cells = case_cells(case, reader=user)
    asked = query.get("label", "")
    wanted = cells.filter(label="" if asked == UNNAMED else asked) if asked else cells
    rows, pages = page_after(wanted, fields=("id",), query=query, size=TILES)
    counts = _counts(cells)
    address = reverse("case_cells", args=[case.pk])
    return CaseCells(
        accession=case.accession,
        case_url=reverse("case", args=[case.pk]),
        total=sum(counts.values()),
        images=cells.order_by().values("image").distinct().count(),
        kinds=_kinds(counts, address=address, asked=asked),
        all_url=address if asked else "",
        tiles=[_tile(cell) for cell in rows],
        pages=pages,
    )


def _counts(cells: QuerySet[LocatedCell]) -> dict[str, int]:
    counted = cells.order_by().values_list("label").annotate(n=Count("pk"))
    return dict(counted)


def _kinds(counts: dict[str, int], *, address: str, asked: str) -> list[Kind]:
    named = {code: count for code, count in counts.items() if code}
    kinds = [
        Kind(
            word=str(class_words(code).name),
            css=class_words(code).css,
            count=named[code],
            share=percent(named[code] / sum(named.values())),
            url=f"{address}?label={code}",
            current=asked == code,
        )
        for code in classes_ordered(named)
    ]
    if left := counts.get(""):
        url = f"{address}?label={UNNAMED}"
        kinds.append(Kind(_("not named"), "other", left, "", url, asked == UNNAMED))
    return kinds


def _tile(cell: LocatedCell) -> Tile:
    return Tile(
        cell=cell_shown(cell, cell.pk, image=cell.image),
        image=cell.image,
        url=reverse("image", args=[cell.image_id]),
    )
