"""The figures of an evaluation beside the colour-only baseline; what was not measured is not there.

A row is built where the report has its figure, so old reports show what they had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemaqueue.common.intervals import wilson
from hemaqueue.web.shown.numbers import decimal, percent, percent_or_dash

Report = dict[str, Any]
Wanted = tuple[str, str, float | None, int | None]
"""The word of a figure, its name among the intervals, its value, and of how many images it is."""


@dataclass(frozen=True)
class FigureRow:
    """`colour` is what five neighbours on colour statistics score: the figure without any shape."""

    word: str
    value: str
    interval: str
    n: str
    colour: str
    name: str = ""


def figure_rows(report: Report) -> list[FigureRow]:
    """Return every figure that the report has, in the order in which people ask for them."""
    return [
        *share_rows(report),
        *_percents(report, _averages(report)),
        *_decimals(report),
        *_without_colour(report),
        *_without_cells(report),
        *_without_scale_bar(report),
        *_cost(report),
    ]


def share_rows(report: Report) -> list[FigureRow]:
    """Return what is right of all pictures, of the classes, and of each side of the roll-up."""
    binary, n = report.get("binary") or {}, report.get("n")
    wanted = (
        (_("Accuracy"), "accuracy", report.get("accuracy"), n),
        (_("Mean recall of the classes"), "macro_recall", report.get("macro_recall"), n),
        (_("Sensitivity, malignant"), "sensitivity", binary.get("sensitivity"),
         binary.get("n_malignant")),
        (_("Specificity"), "specificity", binary.get("specificity"), binary.get("n_benign")),
    )  # fmt: skip
    return list(_percents(report, wanted))


def _averages(report: Report) -> list[Wanted]:
    """Return precision and accuracy of the roll-up, and what is averaged over the classes."""
    binary, n = report["binary"], report["n"]
    macro, weighted = report.get("macro") or {}, report.get("weighted") or {}
    return [
        (_("Accuracy, malignant or benign"), "malignant_accuracy", binary.get("accuracy"), n),
        (_("Precision, malignant"), "malignant_precision", binary.get("precision"),
         _called(binary)),
        (_("Mean precision of the classes"), "macro_precision", macro.get("precision"), n),
        (_("Precision, weighted by class size"), "", weighted.get("precision"), n),
        (_("Recall, weighted by class size"), "", weighted.get("recall"), n),
    ]  # fmt: skip


def _called(binary: Report) -> int:
    """Return how many images were called malignant."""
    found = (binary.get("sensitivity") or 0.0) * binary.get("n_malignant", 0)
    cleared = binary.get("specificity")
    false = 0.0 if cleared is None else (1 - cleared) * binary.get("n_benign", 0)
    return round(found + false)


def _percents(report: Report, wanted: Iterable[Wanted]) -> Iterator[FigureRow]:
    baseline, bounds = (report.get(one) or {} for one in ("colour_only_baseline", "intervals"))
    for word, name, value, n in wanted:
        if value is not None:
            interval = _bounds(bounds.get(name), value, n)
            colour = percent_or_dash(baseline.get(name))
            yield FigureRow(word, percent(value), interval, str(n or "–"), colour, name)


def _bounds(bounds: list[float] | None, value: float, n: int | None) -> str:
    """Return the measured interval. A bootstrap of a perfect score has no width: Wilson's has."""
    if not bounds:
        return ""
    low, high = bounds
    if low == high and n:
        low, high = wilson(value, n=n)
    return _("%(low)s to %(high)s") % {"low": percent(low), "high": percent(high)}


def _decimals(report: Report) -> Iterator[FigureRow]:
    binary, weighted = report["binary"], report.get("weighted") or {}
    wanted = (
        (_("Macro F1"), "macro_f1", report["macro_f1"]),
        (_("F1, weighted by class size"), "", weighted.get("f1")),
        (_("F1, malignant"), "malignant_f1", binary.get("f1")),
        (_("Area below the ROC curve"), "auroc", binary.get("auroc")),
        (_("Calibration error"), "ece", report["ece"]),
        (_("Brier score"), "brier", report.get("brier")),
        (_("Log-loss"), "loss", report.get("loss")),
    )
    baseline = report.get("colour_only_baseline") or {}
    for word, name, value in wanted:
        if value is not None:
            bounds = report["intervals"].get(name)
            said = _("%(low)s to %(high)s") % {
                "low": decimal(bounds[0]), "high": decimal(bounds[1]),
            } if bounds else ""  # fmt: skip
            yield FigureRow(
                word, decimal(value), said, str(report["n"]), decimal(baseline.get(name)), name
            )


def _without_colour(report: Report) -> Iterator[FigureRow]:
    """Yield what is left when the colour is taken away or changed."""
    baseline = report.get("colour_only_baseline") or {}
    if grey := report.get("grey_scale"):
        yield _shifted(report, _("Accuracy in grey-scale"), "grey_scale", grey["accuracy"],
                       alone=baseline.get("grey_scale"))  # fmt: skip
    alone = baseline.get("stain_shift") or [None] * 3
    for strength, value in enumerate(report.get("stain_shift") or [], start=1):
        word = _("Accuracy, stain shifted, strength %(n)d") % {"n": strength}
        yield _shifted(report, word, f"stain_shift_{strength}", value, alone=alone[strength - 1])
    if swapped := report.get("colour_swapped"):
        word = _("Accuracy with the colours of another class")
        yield _shifted(report, word, "", swapped["accuracy"],
                       alone=swapped.get("colour_only_baseline"))  # fmt: skip


def _without_cells(report: Report) -> Iterator[FigureRow]:
    """Yield what the field tells without its white cells, they without it, and their size alone."""
    if cells := report.get("white_cells"):
        word = _("Accuracy with the white cells painted over")
        yield _shifted(report, word, "white_cells_removed", cells["removed_accuracy"])
        word = _("Accuracy with the white cells alone")
        yield _shifted(report, word, "white_cells_alone", cells["alone_accuracy"])
    area = report.get("cell_area") or {}
    if area.get("auroc") is not None:
        word = _("Area below the ROC curve, by the cell's size alone")
        yield FigureRow(word, decimal(area["auroc"]), "", str(report["n"]), "–")
    if area.get("beyond") is not None:
        word = _("Pairs of cells of equal size put in the right order (chance: half)")
        yield FigureRow(word, percent(area["beyond"]), "", str(area["pairs"]), "–")


def _without_scale_bar(report: Report) -> Iterator[FigureRow]:
    if found := report.get("scale_bar_masked"):
        word = _("Accuracy with the scale bar painted over")
        yield _shifted(report, word, "", found["accuracy"])
        word = _("Named otherwise with the scale bar painted over")
        yield _shifted(report, word, "", found["changed"])


def _shifted(
    report: Report, word: str, name: str, value: float, *, alone: float | None = None
) -> FigureRow:
    """Return a figure of disturbed pictures; a worker disturbs only some of those it judged."""
    n = report.get("disturbed") or report["n"]
    bounds = (report.get("shift_intervals") or {}).get(name)
    return FigureRow(word, percent(value), _bounds(bounds, value, n), str(n),
                     percent_or_dash(alone))  # fmt: skip


def _cost(report: Report) -> Iterator[FigureRow]:
    cost = report.get("cost")
    if not cost:
        return
    yield FigureRow(
        _("Parameters"), number_format(cost["parameters"], force_grouping=True), "", "–", "–"
    )
    words = {
        "batch_1": _("Milliseconds an image, one by one"),
        "batch_32": _("Milliseconds an image, in batches of 32"),
    }
    for name, word in words.items():
        if name in (taken := cost.get("milliseconds") or {}):
            took = number_format(round(taken[name], 1), 1)
            yield FigureRow(word, took, "", "–", "–")
