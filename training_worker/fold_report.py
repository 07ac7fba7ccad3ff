"""From the figures of the folds to their mean and spread, the colour-only baseline beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

FIGURES = {
    "accuracy": ("accuracy",),
    "macro_recall": ("macro_recall",),
    "macro_f1": ("macro_f1",),
    "benign_recall": ("per_class", "benign", "recall"),
    "sensitivity": ("binary", "sensitivity"),
    "specificity": ("binary", "specificity"),
    "auroc": ("binary", "auroc"),
    "ece": ("ece",),
    "brier": ("brier",),
    "grey_scale": ("grey_scale", "accuracy"),
    "stain_shift_1": ("stain_shift", 0),
    "stain_shift_2": ("stain_shift", 1),
    "stain_shift_3": ("stain_shift", 2),
    "white_cells_removed": ("white_cells", "removed_accuracy"),
    "white_cells_alone": ("white_cells", "alone_accuracy"),
    "cell_area_auroc": ("cell_area", "auroc"),
    "beyond_cell_area": ("cell_area", "beyond"),
    "flagged_uncertain": ("flagged", "uncertain"),
    "flagged_out_of_distribution": ("flagged", "out_of_distribution"),
}
"""Name of a figure and where a report has it; a benign recall is of the class that was named."""

BASELINE = "colour_only_baseline"


def summary(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return mean, standard deviation and each fold's value of every figure."""
    return {
        "split": reports[0]["split"],
        "n": sum(report["n"] for report in reports),
        "figures": {name: _figure(reports, name, where) for name, where in FIGURES.items()},
        "confusion_matrix": np.sum([one["confusion_matrix"] for one in reports], axis=0).tolist(),
        "classes": reports[0]["classes"],
        "folds": list(reports),
    }


def _figure(
    reports: Sequence[dict[str, Any]], name: str, where: Sequence[str | int]
) -> dict[str, Any]:
    found = spread([at(report, where) for report in reports])
    return found | {BASELINE: spread([_beside(report[BASELINE], name) for report in reports])}


def _beside(alone: dict[str, Any], name: str) -> float | None:
    """Return the baseline's figure of the same name; None where it has none."""
    where = FIGURES[name] if name.startswith("stain_shift") else (name,)
    return at(alone, where)


def spread(values: Sequence[float | None]) -> dict[str, Any]:
    """Return mean and sample standard deviation; both None where a fold has no value."""
    known = [value for value in values if value is not None]
    whole = len(known) == len(values)
    return {
        "mean": float(np.mean(known)) if whole else None,
        "spread": float(np.std(known, ddof=1)) if whole and len(known) > 1 else None,
        "by_fold": list(values),
    }


def at(report: Any, where: Sequence[str | int]) -> float | None:
    """Return a report's figure at the end of a path of keys; None where it has none."""
    for step in where:
        try:
            report = report[step]
        except (KeyError, IndexError, TypeError):
            return None
    return report


def readable(report: dict[str, Any]) -> str:
    """Return the report as a table of lines."""
    plan = report["plan"]
    lines = [
        f"{plan['folds']} folds of whole groups, {report['n']} pictures, {plan['groups']} groups",
        f"{'':<28}{'mean':>8}{'spread':>8}   {'colour only':>11}   by fold",
    ]
    for name, row in report["figures"].items():
        each = " ".join(_text(value) for value in row["by_fold"])
        lines.append(
            f"{name:<28}{_text(row['mean']):>8}{_text(row['spread']):>8}   "
            f"{_text(row[BASELINE]['mean']):>11}   {each}"
        )
    return "\n".join(lines)


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
