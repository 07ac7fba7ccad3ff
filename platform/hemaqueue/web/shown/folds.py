"""Cross-validation as a version's page shows it: folds beside the single split and colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from hemaqueue.evaluations.folds import folds_latest
from hemaqueue.evaluations.models import Evaluation
from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.evaluations.split_words import split_words
from hemaqueue.registry.models import ModelVersion
from hemaqueue.web.shown.evaluation_figures import figure_rows, share_rows
from hemaqueue.web.shown.numbers import percent

SHARES = {
    "accuracy": lazy("Accuracy"),
    "macro_recall": lazy("Mean recall of the classes"),
    "sensitivity": lazy("Sensitivity, malignant"),
    "specificity": lazy("Specificity"),
    "grey_scale": lazy("Accuracy in grey-scale"),
}
DECIMALS = {
    "macro_f1": lazy("Macro F1"),
    "auroc": lazy("Area below the ROC curve"),
    "ece": lazy("Calibration error"),
    "brier": lazy("Brier score"),
}


@dataclass(frozen=True)
class FoldRow:
    """`single` is the figure of what decides its gates, else of the split of its training."""

    word: str
    folds: str
    colour: str
    single: str


@dataclass(frozen=True)
class FoldsShown:
    line: str
    single: str
    rows: list[FoldRow]


def folds_shown(version: ModelVersion) -> FoldsShown | None:
    """Return the newest fold report of a version beside its single split; None without one."""
    kept = folds_latest(version)
    if kept is None:
        return None
    evaluation = evaluation_deciding(version)
    figures, single = kept.report["figures"], _single(version, evaluation=evaluation)
    facts = {
        "folds": kept.folds,
        "groups": kept.groups,
        "n": kept.n,
        "split": split_words(kept.split),
    }
    return FoldsShown(
        line=_("%(folds)d folds, %(n)d images of %(groups)d groups, %(split)s") % facts,
        single=_single_line(version, evaluation=evaluation),
        rows=[
            FoldRow(
                str(word), _mean(figures[name], name),
                _mean(figures[name].get("colour_only_baseline") or {}, name),
                single.get(name, "–"),
            )
            for name, word in (SHARES | DECIMALS).items()
            if figures.get(name, {}).get("mean") is not None
        ],
    )  # fmt: skip


def _single(version: ModelVersion, *, evaluation: Evaluation | None) -> dict[str, str]:
    metrics = version.facts.get("metrics") or {}
    rows = figure_rows(evaluation.report) if evaluation else share_rows(metrics)
    return {row.name: row.value for row in rows}


def _single_line(version: ModelVersion, *, evaluation: Evaluation | None) -> str:
    """Return what the single result is of."""
    metrics = version.facts.get("metrics") or {}
    n, split = (evaluation.n, evaluation.split) if evaluation else (
        metrics.get("n"), metrics.get("split", ""),
    )  # fmt: skip
    images = ngettext("%(n)d image", "%(n)d images", n) % {"n": n} if n else ""
    return ", ".join(part for part in (images, split_words(split)) if part)


def _mean(row: dict[str, Any], name: str) -> str:
    """Return mean ± standard deviation over the folds."""
    mean, spread = row.get("mean"), row.get("spread")
    if mean is None:
        return "–"
    if name in DECIMALS:
        parts = [number_format(round(one, 3), 3) for one in (mean, spread) if one is not None]
        return " ± ".join(parts)
    if spread is None:
        return percent(mean)
    return f"{percent(mean)} ± {number_format(round(100 * spread, 1), 1)}"
