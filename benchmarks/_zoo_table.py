"""The figures of the comparison as tables in Markdown, beside what the reports claim."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scipy.stats import binomtest

from training_worker.fold_report import at

CLAIMS = {
    "cnn4": "accuracy over 90 %",
    "lenet_lld": "96 %; precision 99, recall 97 of the normal class",
    "boxnet": "88 %, F1 0.64, IoU 0.10; others of its kind 98.8 %",
    "densenet201": "99.85 %, sensitivity 99.52, specificity 99.89",
    "mobilenet_v2": "97.4 %",
}
"""Figures of reports and papers, on splits by picture: not comparable with those of folds."""

Report = Mapping[str, Any]
Figure = tuple[str, tuple[str | int, ...], str]
#: Heading, where a report has the figure, and how it is written.
NAMED: Sequence[Figure] = (
    ("accuracy", ("accuracy",), "share"),
    ("macro recall", ("macro_recall",), "share"),
    ("sensitivity", ("binary", "sensitivity"), "share"),
    ("specificity", ("binary", "specificity"), "share"),
    ("macro F1", ("macro_f1",), "number"),
    ("AUROC", ("binary", "auroc"), "number"),
    ("ECE", ("ece",), "number"),
)
LEFT: Sequence[Figure] = (
    ("unchanged", ("accuracy",), "share"),
    ("grey", ("grey_scale", "accuracy"), "share"),
    ("stain shift 1", ("stain_shift", 0), "share"),
    ("2", ("stain_shift", 1), "share"),
    ("3", ("stain_shift", 2), "share"),
    ("disturbed", ("robustness", "accuracy"), "share"),
)
CELLS: Sequence[Figure] = (
    ("accuracy", ("accuracy",), "share"),
    ("macro recall", ("macro_recall",), "share"),
    ("sensitivity", ("binary", "sensitivity"), "share"),
    ("specificity", ("binary", "specificity"), "share"),
    ("F1", ("binary", "f1"), "number"),
    ("AUROC", ("binary", "auroc"), "number"),
    ("ECE", ("ece",), "number"),
    ("among cells of equal area", ("cell_area", "beyond"), "number"),
    ("area alone", ("cell_area", "auroc"), "number"),
    ("grey", ("grey_scale", "accuracy"), "share"),
    ("disturbed", ("robustness", "accuracy"), "share"),
)
BOXES: Sequence[Figure] = (
    ("mAP50", ("map50",), "number"),
    ("mean IoU", ("mean_iou",), "number"),
    ("F1", ("f1",), "number"),
    ("CPU ms", ("cpu_ms",), "number"),
)
BASELINE = "colour only"


def fields_table(by_network: Mapping[str, Sequence[Report]]) -> str:
    """Return the comparison of the networks, the best first, and what colour alone gives."""
    rows = [
        [*_learned(name, reports), *_figures(reports, NAMED), CLAIMS.get(name, "–")]
        for name, reports in _best_first(by_network)
    ]
    rows += _baseline(by_network, NAMED, before=3, after=1)
    return markdown([*LEARNED, *_heads(NAMED), "claimed elsewhere"], rows)


def disturbed_table(by_network: Mapping[str, Sequence[Report]]) -> str:
    """Return what is left when colour and picture are changed, and what a network costs."""
    rows = [
        [f"`{name}`", *_plain(reports, LEFT), *_cost(reports)]
        for name, reports in _best_first(by_network)
    ]
    rows += _baseline(by_network, LEFT, before=0, after=2)
    return markdown(["network", *_heads(LEFT), "M parameters", "CPU ms"], rows)


def cells_table(by_network: Mapping[str, Sequence[Report]]) -> str:
    """Return the comparison on single cells, a row for each healthy person left out."""
    rows = [
        [*_learned(name, [one]), *_figures([one], CELLS), *_cost([one])]
        for name, reports in _best_first(by_network)
        for one in reports
    ]
    for fold in sorted({one["fold"] for reports in by_network.values() for one in reports}):
        alike = {
            name: [one for one in reports if one["fold"] == fold]
            for name, reports in by_network.items()
        }
        rows += _baseline(alike, CELLS, before=3, after=2)
    heads = [*LEARNED[:-1], "left out (n)"]
    return markdown([*heads, *_heads(CELLS), "M parameters", "CPU ms"], rows)


def boxes_table(real: Mapping[str, Sequence[Report]], pseudo: Sequence[Report]) -> str:
    """Return how well boxes agree with people's, and with the segmentation's, called pseudo."""
    rows = [
        [name, "people", str(report["n"]), *_plain([report], BOXES)]
        for name, reports in real.items()
        for report in reports
    ]
    rows += [
        ["boxnet", "pseudo (regions)", str(one["boxes"]["n"]), *_plain([one["boxes"]], BOXES)]
        for one in pseudo
    ]
    return markdown(["network", "boxes by", "n", *_heads(BOXES)], rows)


def mean(reports: Iterable[Report], where: Sequence[str | int]) -> float | None:
    """Return the mean of a figure over the folds; None where none has it."""
    found = [value for one in reports if (value := at(one, where)) is not None]
    return statistics.fmean(found) if found else None


def interval(reports: Sequence[Report], where: Sequence[str | int]) -> tuple[float, float] | None:
    """Return one fold's bootstrap interval over groups, or the lowest and highest of the folds."""
    if len(reports) > 1:
        found = [value for one in reports if (value := at(one, where)) is not None]
        return (min(found), max(found)) if found else None
    bounds: Any = at(reports[0], ("intervals", where[-1])) if reports else None
    return tuple(bounds) if bounds else None


def of_colour(alone: Sequence[Report], where: Sequence[str | int]) -> float | None:
    """Return the baseline's figure of the same name, which lies flat in its report."""
    flat = {"binary": where[1:], "grey_scale": ("grey_scale",), "robustness": ("robustness",)}
    return mean(alone, flat.get(str(where[0]), where))


def baselines(by_network: Mapping[str, Sequence[Report]]) -> list[Report]:
    """Return what colour alone scores on each fold, told once by networks of the same classes."""
    every = [one for reports in by_network.values() for one in reports]
    most = max((len(one["classes"]) for one in every), default=0)
    found = {one["fold"]: one for one in every if len(one["classes"]) == most}
    return [one["colour_only_baseline"] | {"n": one["n"]} for _, one in sorted(found.items())]


def _baseline(
    by_network: Mapping[str, Sequence[Report]],
    figures: Sequence[Figure],
    *,
    before: int,
    after: int,
) -> list[list[str]]:
    """Return the baseline's row, or none where nothing was scored; Wilson's interval."""
    alone = baselines(by_network)
    if not alone:
        return []
    found = [_text(of_colour(alone, where), kind) for _, where, kind in figures]
    if before:
        found[0] += _bounds(_wilson(alone))
    blank = ["–"] * before
    if blank:
        blank[-1] = str(sum(one["n"] for one in alone))
    return [[BASELINE, *blank, *found, *["–"] * after]]


def _wilson(alone: Sequence[Report]) -> tuple[float, float]:
    n = sum(one["n"] for one in alone)
    right = sum(one["accuracy"] * one["n"] for one in alone)
    bounds = binomtest(round(right), n).proportion_ci(method="wilson")
    return bounds.low, bounds.high


def _best_first(by_network: Mapping[str, Sequence[Report]]) -> list[tuple[str, Sequence[Report]]]:
    known = [(name, reports) for name, reports in by_network.items() if reports]
    return sorted(known, key=lambda pair: -(mean(pair[1], ("macro_recall",)) or 0))


LEARNED = ("network", "input", "epochs", "folds (n)")


def _learned(name: str, reports: Sequence[Report]) -> list[str]:
    return [
        f"`{name}`",
        str(reports[0]["input_size"]),
        f"{mean(reports, ('epochs_whole',)):.1f}",
        ", ".join(f"{one['fold']} ({one['n']})" for one in reports),
    ]


def _cost(reports: Sequence[Report]) -> list[str]:
    return [f"{reports[0]['parameters'] / 1e6:.2f}", f"{mean(reports, ('cpu_ms',)):.1f}"]


def _figures(reports: Sequence[Report], figures: Sequence[Figure]) -> list[str]:
    """Return each figure with its interval, where a report has one."""
    return [
        _text(mean(reports, where), kind) + _bounds(interval(reports, where), kind)
        for _, where, kind in figures
    ]


def _plain(reports: Sequence[Report], figures: Sequence[Figure]) -> list[str]:
    return [_text(mean(reports, where), kind) for _, where, kind in figures]


def _heads(figures: Sequence[Figure]) -> list[str]:
    return [head for head, *_ in figures]


def _bounds(bounds: tuple[float, float] | None, kind: str = "share") -> str:
    if bounds is None:
        return ""
    low, high = (f"{100 * one:.0f}" if kind == "share" else f"{one:.3f}" for one in bounds)
    return f" [{low}–{high}]"


def _text(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if kind == "share" else f"{value:.3f}"


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
