"""Small plots, drawn by the server: columns over time, and shares with their intervals.

Numbers become positions in a picture of 100 units; words, counts and the table of the values
are text beside it, so that they stay readable at every width and for every reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemaqueue.common.intervals import wilson

TALL = 100.0
LEAST = 1.5  # a value above nothing is seen
TICK = 3.0


@dataclass(frozen=True)
class Mark:
    """One rectangle: `kind` names its look, the rest are units of the picture."""

    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Column:
    """One place on the axis: what stands above, below, and what it is called."""

    word: str
    full: str
    above: str
    below: str
    marks: list[Mark]


@dataclass(frozen=True)
class Plot:
    """`rows` are the values of `columns` as a table, under `head`."""

    id: str
    title: str
    caption: str
    columns: list[Column]
    head: list[str]
    rows: list[list[str]]

    @property
    def two_lines(self) -> bool:
        return any(column.below for column in self.columns)


@dataclass(frozen=True)
class ShareRow:
    """A share with its 95 % interval (Wilson, 1927), as marks and in words.

    `weighted` is what it would be if everything had been looked at, `worth` how sure that is.
    """

    word: str
    css: str
    share: str
    interval: str
    count: str
    marks: list[Mark]
    weighted: str
    worth: str


def bar(value: float, *, most: float) -> list[Mark]:
    """Return a column from the ground up; nothing for zero."""
    if not value or not most:
        return []
    height = max(LEAST, TALL * value / most)
    return [_mark("bar", 2, TALL - height, 16, height)]


def span(low: float, high: float, *, most: float) -> list[Mark]:
    """Return a thick tick at `low`, a thin one at `high`, and a line between them."""
    if not most:
        return []
    bottom, top = TALL - TALL * low / most, TALL - TALL * high / most
    return [
        _mark("line", 9, top, 2, max(0.0, bottom - top)),
        _mark("far", 5, _inside(top), 10, TICK / 2),
        _mark("near", 2, _inside(bottom), 16, TICK),
    ]


def share_row(
    word: str, *, agreed: int, n: int, weighted: str, worth: str, css: str = ""
) -> ShareRow:
    share = agreed / n
    low, high = wilson(share, n=n)
    return ShareRow(
        word=word,
        css=css,
        share=_percent(share),
        interval=_("%(low)s to %(high)s") % {"low": _percent(low), "high": _percent(high)},
        count=number_format(n, use_l10n=True, force_grouping=True),
        marks=[
            _mark("track", 0, 5.5, 100, 1),
            _mark("line", 100 * low, 4.5, max(0.5, 100 * (high - low)), 3),
            _mark("near", min(98.5, max(0.0, 100 * share - 0.75)), 1, 1.5, 10),
        ],
        weighted=weighted,
        worth=worth,
    )


def grouped(values: Sequence[int]) -> list[str]:
    return [number_format(value, force_grouping=True) for value in values]


def _percent(share: float) -> str:
    return _("%s %%") % number_format(round(100 * share, 1), 1)


def _inside(y: float) -> float:
    return min(TALL - TICK, max(0.0, y - TICK / 2))


def _mark(kind: str, x: float, y: float, width: float, height: float) -> Mark:
    return Mark(kind, f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", f"{height:.1f}")
