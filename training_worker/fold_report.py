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

SENSITIVITY_ASKED = 0.995
BY_OTHERS = ("threshold", "sensitivity", "specificity")


def summary(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return mean, standard deviation and each fold's value of every figure.

    Those `_by_others` are at the threshold that all folds but the one scored chose.
    """
    by_others = [by_the_others(reports, left_out) for left_out in range(len(reports))]
    figures = {name: _figure(reports, name, where) for name, where in FIGURES.items()}
    for name in BY_OTHERS:
        alone = {BASELINE: spread([None] * len(reports))}
        figures[f"{name}_by_others"] = spread([at(one, (name,)) for one in by_others]) | alone
    return {
        "split": reports[0]["split"],
        "n": sum(report["n"] for report in reports),
        "figures": figures,
        "confusion_matrix": np.sum([one["confusion_matrix"] for one in reports], axis=0).tolist(),
        "classes": reports[0]["classes"],
        "folds": list(reports),
    }


def by_the_others(reports: Sequence[dict[str, Any]], left_out: int) -> dict[str, Any]:
    """Return a fold's roll-up at the highest threshold at which the others' mean sensitivity is
    SENSITIVITY_ASKED, else at the lowest; {} without any sweep.

    The groups that one training holds out are few: a threshold chosen on them carries over badly.
    """
    others = [one.get("threshold_sweep", []) for k, one in enumerate(reports) if k != left_out]
    reached = [
        place
        for place, rows in enumerate(zip(*others, strict=True))
        if (spread([row["sensitivity"] for row in rows])["mean"] or 0) >= SENSITIVITY_ASKED
    ]
    sweep = reports[left_out].get("threshold_sweep", [])
    return sweep[max(reached, default=0)] if sweep else {}


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
