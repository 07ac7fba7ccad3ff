"""The curves of a run: lines over the epochs, in units of a picture of 100 by 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

SIDE = 100.0
Epochs = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """`points` is what an SVG polyline takes; `value` is the last one, in words."""

    css: str
    word: str
    value: str
    points: str


@dataclass(frozen=True)
class CurvePlot:
    id: str
    title: str
    caption: str
    lines: list[Line]
    top: str
    bottom: str
    last_epoch: int
    head: list[str]
    rows: list[list[str]]


def curve_plots(curve: Epochs, *, of: int) -> list[CurvePlot]:
    """Return loss and accuracy with both their curves, and the recall on the images held out.

    Of a run of an earlier release the accuracy is not known.
    """
    if not curve:
        return []
    losses = {"learn": (_("Learning"), "loss"), "check": (_("Held out"), "check_loss")}
    accuracies = {"learn": (_("Learning"), "accuracy"), "check": (_("Held out"), "check_accuracy")}
    recall = {"check": (_("Held out"), "check_macro_recall")}
    highest = max((one.get(key, 0.0) for one in curve for _w, key in losses.values()), default=1.0)
    shares = [
        _plot(curve, "accuracy", _("Accuracy"), _("Learning: on varied images, as the epoch went "
              "on. Held out: at its end, on images as they are."), accuracies, most=1.0, of=of),
    ] if any("check_accuracy" in one for one in curve) else []  # fmt: skip
    return [
        _plot(curve, "loss", _("Loss"), _("Lower is better. Where the two part, the network begins "
              "to learn by heart."), losses, most=highest or 1.0, of=of),
        *shares,
        _plot(curve, "recall", _("Mean recall"), _("Over the classes, on groups that are never "
              "learned from."), recall, most=1.0, of=of),
    ]  # fmt: skip


def _plot(
    curve: Epochs,
    id: str,
    title: str,
    caption: str,
    drawn: dict[str, tuple[str, str]],
    *,
    most: float,
    of: int,
) -> CurvePlot:
    return CurvePlot(
        id=f"curve-{id}",
        title=title,
        caption=caption,
        lines=[_line(curve, css, word, key, most, of) for css, (word, key) in drawn.items()],
        top=_number(most),
        bottom=_number(0),
        last_epoch=max(of, len(curve)),
        head=[_("Epoch"), *(word for word, _key in drawn.values())],
        rows=[
            [str(one.get("epoch", "")), *(_number(one.get(key)) for _word, key in drawn.values())]
            for one in curve
        ],
    )


def _line(curve: Epochs, css: str, word: str, key: str, most: float, of: int) -> Line:
    across = max(of, len(curve), 2) - 1
    points = [
        (SIDE * (one["epoch"] - 1) / across, SIDE - SIDE * min(one[key] / most, 1.0))
        for one in curve
        if key in one
    ]
    if len(points) == 1:  # one epoch is a dot, and a dot is a short line
        points.append((points[0][0] + 1.0, points[0][1]))
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Line(css, word, _number(curve[-1].get(key)), drawn)


def _number(value: float | None) -> str:
    return "–" if value is None else number_format(round(value, 3), 3 if value % 1 else 0)
