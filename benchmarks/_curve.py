"""Accuracy by round as a picture (SVG) and as a table, and the last version against the first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from scipy.stats import binomtest

WIDE, HIGH, LEFT, TOP = 560, 300, 56, 24
COLOURS = ("#1b6ca8", "#b8500f", "#2e7d32")
Row = Mapping[str, Any]


def last_against_first(flips: Iterable[Sequence[Row]]) -> dict[str, Any]:
    """Return McNemar's exact test of the last version against the first.

    `flips` are the pictures that each version on the way names otherwise than the one before it:
    a picture that is in none of them is named alike from the first to the last.
    """
    way: dict[str, tuple[str, str, str]] = {}
    for step in flips:
        for row in step:
            first = way[row["sha256"]][1] if row["sha256"] in way else row["against"]
            way[row["sha256"]] = (row["label"], first, row["this"])
    gained = sum(first != label == last for label, first, last in way.values())
    lost = sum(first == label != last for label, first, last in way.values())
    p = float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0
    return {"only_last_right": gained, "only_first_right": lost, "p": p}


def points(found: Row) -> list[tuple[int, float]]:
    """Return (images read, accuracy of what serves or was made) from the first version on."""
    made = [row for row in found["rounds"] if row["accuracy"] is not None]
    start = [(0, made[0]["serving_accuracy"])] if made else []
    return start + [(row["images_read"], row["accuracy"]) for row in made]


def plot(orders: Mapping[str, Row]) -> str:
    """Return one line for each order of work, as SVG."""
    lines = {name: points(found) for name, found in orders.items()}
    every = [point for line in lines.values() for point in line] or [(1, 0.0)]
    most = max(read for read, _ in every) or 1
    low = max(0, math.floor(25 * (min(share for _, share in every) - 0.05))) / 25  # whole per cents

    def place(read: float, share: float) -> tuple[float, float]:
        across = LEFT + read / most * (WIDE - LEFT - 90)
        return round(across, 1), round(TOP + (1 - share) / (1 - low) * (HIGH - TOP - 40), 1)

    parts = [*_frame(place, low=low, most=most)]
    for line, colour in zip(lines.values(), COLOURS, strict=False):
        placed = [place(*one) for one in line]
        path = " ".join(f"{x},{y}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in placed]
    parts += _legend(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>Accuracy on the frozen test set by images '
        f'read</title><rect width="{WIDE}" height="{HIGH}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _frame(place: Any, *, low: float, most: int) -> Iterable[str]:
    for step in range(5):
        share = low + (1 - low) * step / 4
        x, y = place(0, share)
        yield f'<line x1="{x}" x2="{WIDE - 90}" y1="{y}" y2="{y}" stroke="#ddd"/>'
        yield f'<text x="{x - 8}" y="{y + 4}" text-anchor="end">{100 * share:.0f} %</text>'
    for read in (0, most // 2, most):
        x, y = place(read, low)
        yield f'<text x="{x}" y="{y + 18}" text-anchor="middle">{read}</text>'
    yield f'<text x="{LEFT}" y="{HIGH - 6}">images read and signed</text>'


def _legend(lines: Mapping[str, Sequence[Any]]) -> Iterable[str]:
    for number, (name, colour) in enumerate(zip(lines, COLOURS, strict=False)):
        y = TOP + 8 + 18 * number
        yield f'<rect x="{WIDE - 84}" y="{y - 8}" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{WIDE - 70}" y="{y + 1}">{escape(name)}</text>'


def table(orders: Mapping[str, Row]) -> str:
    """Return the rounds of all orders in Markdown."""
    heads = (
        "order", "round", "read (wrongly labelled)", "accuracy", "serving", "sensitivity",
        "specificity", "gates not passed", "promoted",
    )  # fmt: skip
    lines = [heads, ("---",) * len(heads)]
    for name, found in orders.items():
        lines += [_cells(name, row) for row in found["rounds"]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(order: str, row: Row) -> tuple[str, ...]:
    return (
        order,
        str(row["round"]),
        f"{row['images_read']} ({row['wrong']})",
        *(_percent(row[name]) for name in ("accuracy", "serving_accuracy")),
        *(_percent(row[name]) for name in ("sensitivity", "specificity")),
        ", ".join(row["gates_not_passed"]) or "–",
        row["promoted"],
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"
