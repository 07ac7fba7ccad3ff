"""Plots of curves and points, drawn by the server as SVG.

A plot's inside is 300 by 200 units; everything in it is a position, a word or the name of a
look. The values stand beside it as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDE, TALL = 300.0, 200.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """What lies along an axis: `low` to `high`, with (value, word) at each tick."""

    word: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]

    def place(self, value: float, *, length: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return length * min(1.0, max(0.0, share))


@dataclass(frozen=True)
class Tick:
    at: str
    word: str


@dataclass(frozen=True)
class Curve:
    """`points` as SVG reads them; the word stands where the curve ends, or where it is told."""

    points: str
    css: str
    word: str = ""
    x: str = ""
    y: str = ""
    anchor: str = "end"
    below: bool = False


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    radius: str
    css: str
    title: str = ""
    top: str = ""
    bottom: str = ""
    word: str = ""


@dataclass(frozen=True)
class LinePlot:
    """`rows` are the values as a table under `head`; `marks` are vertical lines with a word."""

    id: str
    title: str
    caption: str
    across: Axis
    up: Axis
    curves: list[Curve]
    dots: list[Dot] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def x_ticks(self) -> list[Tick]:
        return [Tick(_text(self.across.place(v, length=WIDE)), w) for v, w in self.across.ticks]

    @property
    def y_ticks(self) -> list[Tick]:
        return [Tick(_text(TALL - self.up.place(v, length=TALL)), w) for v, w in self.up.ticks]


def curve(
    points: Iterable[Point],
    *,
    across: Axis,
    up: Axis,
    css: str,
    word: str = "",
    at: Point | None = None,
    anchor: str = "end",
    below: bool = False,
) -> Curve:
    """Return a line through `points`, with its word at `at`."""
    drawn = " ".join(",".join(place(point, across=across, up=up)) for point in points)
    x, y = place(at, across=across, up=up) if at else ("", "")
    return Curve(drawn, css, word if at else "", x, y, anchor, below)


def dot(
    point: Point,
    *,
    across: Axis,
    up: Axis,
    css: str,
    radius: float = 3.5,
    title: str = "",
    word: str = "",
    span: Point | None = None,
) -> Dot:
    """Return a point, with its interval `span` up and down where it has one."""
    x, y = place(point, across=across, up=up)
    ends = [place((point[0], end), across=across, up=up)[1] for end in span] if span else ["", ""]
    return Dot(x, y, _text(radius), css, title, top=ends[1], bottom=ends[0], word=word)


def upright(value: float, *, across: Axis, up: Axis, css: str, word: str) -> Curve:
    """Return a vertical line at `value`."""
    ends = [(value, up.low), (value, up.high)]
    inside = value > across.low + 0.6 * (across.high - across.low)
    return curve(
        ends, across=across, up=up, css=css, word=word,
        at=(value, up.low + 0.06 * (up.high - up.low)), anchor="end" if inside else "start",
    )  # fmt: skip


def place(point: Point, *, across: Axis, up: Axis) -> tuple[str, str]:
    x, y = across.place(point[0], length=WIDE), TALL - up.place(point[1], length=TALL)
    return _text(x), _text(y)


def _text(value: float) -> str:
    return f"{value:.1f}"
