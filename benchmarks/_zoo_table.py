"""The figures of the comparison as tables in Markdown, beside what the reports claim."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
#: Heading, where a report has the figure, and how it is written.
FIGURES: Sequence[tuple[str, tuple[str | int, ...], str]] = (
    ("accuracy", ("accuracy",), "share"),
    ("macro recall", ("macro_recall",), "share"),
    ("sensitivity", ("binary", "sensitivity"), "share"),
    ("specificity", ("binary", "specificity"), "share"),
    ("macro F1", ("macro_f1",), "number"),
    ("AUROC", ("binary", "auroc"), "number"),
    ("ECE", ("ece",), "number"),
    ("stain shift 1", ("stain_shift", 0), "share"),
    ("2", ("stain_shift", 1), "share"),
    ("3", ("stain_shift", 2), "share"),
    ("disturbed", ("robustness", "accuracy"), "share"),
    ("grey", ("grey_scale", "accuracy"), "share"),
)
CELLS = (
    ("accuracy", ("accuracy",), "share"),
    ("sensitivity", ("binary", "sensitivity"), "share"),
    ("specificity", ("binary", "specificity"), "share"),
    ("F1", ("binary", "f1"), "number"),
    ("AUROC", ("binary", "auroc"), "number"),
    ("ECE", ("ece",), "number"),
    ("among cells of equal area", ("cell_area", "beyond"), "number"),
    ("area alone", ("cell_area", "auroc"), "number"),
    ("grey", ("grey_scale", "accuracy"), "share"),
)
BOXES = (
    ("mAP50", ("map50",), "number"),
    ("mean IoU", ("mean_iou",), "number"),
    ("F1", ("f1",), "number"),
    ("CPU ms", ("cpu_ms",), "number"),
)
BASELINE = "colour only"


def fields_table(by_network: Mapping[str, Sequence[Report]]) -> str:
    """Return the comparison of the networks, the best first, and what colour alone gives."""
    heads = ["network", "input", "M parameters", "CPU ms", "epochs", "folds"]
    rows = []
    for name, reports in _best_first(by_network):
        rows.append([*_cost(name, reports), *_cells(reports, FIGURES), CLAIMS.get(name, "–")])
    alone = [one["colour_only_baseline"] for _, reports in by_network.items() for one in reports]
    if alone:
        rows.append([BASELINE, *["–"] * 5, *map(_of_baseline(alone), FIGURES), "–"])
    return _markdown([*heads, *(head for head, *_ in FIGURES), "claimed elsewhere"], rows)


def cells_table(by_network: Mapping[str, Sequence[Report]]) -> str:
    """Return the comparison on single cells, each healthy person left out in turn."""
    heads = ["network", "input", "M parameters", "CPU ms", "epochs", "left out"]
    rows = [
        [*_cost(name, reports), *_cells(reports, CELLS)]
        for name, reports in _best_first(by_network)
    ]
    return _markdown([*heads, *(head for head, *_ in CELLS)], rows)


def boxes_table(real: Mapping[str, Sequence[Report]], pseudo: Sequence[Report]) -> str:
    """Return how well boxes agree with people's, and with the segmentation's, called pseudo."""
    rows = [
        [name, "people", str(report["n"]), *_cells([report], BOXES)]
        for name, reports in real.items()
        for report in reports
    ]
    rows += [
        ["boxnet", "pseudo (regions)", str(one["boxes"]["n"]), *_cells([one["boxes"]], BOXES)]
        for one in pseudo
    ]
    return _markdown(["network", "boxes by", "n", *(head for head, *_ in BOXES)], rows)


def mean(reports: Iterable[Report], where: Sequence[str | int]) -> float | None:
    """Return the mean of a figure over the folds; None where none has it."""
    found = [value for one in reports if (value := at(one, where)) is not None]
    return statistics.fmean(found) if found else None


def _best_first(by_network: Mapping[str, Sequence[Report]]) -> list[tuple[str, Sequence[Report]]]:
    known = [(name, reports) for name, reports in by_network.items() if reports]
    return sorted(known, key=lambda pair: -(mean(pair[1], ("macro_recall",)) or 0))


def _cost(name: str, reports: Sequence[Report]) -> list[str]:
    return [
        f"`{name}`",
        str(reports[0]["input_size"]),
        f"{reports[0]['parameters'] / 1e6:.2f}",
        f"{mean(reports, ('cpu_ms',)):.1f}",
        f"{mean(reports, ('epochs_whole',)):.1f}",
        ", ".join(str(one["fold"]) for one in reports),
    ]


def _cells(reports: Sequence[Report], figures: Sequence[tuple[Any, ...]]) -> list[str]:
    return [_text(mean(reports, where), kind) for _, where, kind in figures]


def _of_baseline(alone: Sequence[Report]) -> Any:
    """Return what writes the baseline's figure of the same name, which lies flat in its report."""

    def text(figure: tuple[str, tuple[str | int, ...], str]) -> str:
        _, where, kind = figure
        flat = {"binary": where[1:], "grey_scale": ("grey_scale",), "robustness": ("robustness",)}
        return _text(mean(alone, flat.get(str(where[0]), where)), kind)

    return text


def _text(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if kind == "share" else f"{value:.3f}"


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
