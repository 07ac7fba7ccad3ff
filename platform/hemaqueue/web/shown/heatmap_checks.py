"""How alike heatmaps stay when weights are drawn anew, and when the stain is another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.registry.models import ModelVersion
from hemaqueue.web.shown.numbers import decimal


@dataclass(frozen=True)
class HeatmapRow:
    """`draws` says how far single draws of weights lie apart."""

    word: str
    draws: str
    value: str
    interval: str
    n: int


@dataclass(frozen=True)
class HeatmapChecks:
    """`skipped` says why there are no rows."""

    rows: list[HeatmapRow]
    skipped: str


def heatmaps_of(version: ModelVersion) -> HeatmapChecks | None:
    """Return what the evaluation that decides found, else the bundle's own; None if neither did."""
    decides = evaluation_deciding(version)
    found = heatmap_checks(decides.report) if decides else None
    return found or heatmap_checks(version.facts.get("metrics") or {})


def heatmap_checks(report: dict[str, Any]) -> HeatmapChecks | None:
    found = report.get("explanation_sanity")
    if not found:
        return None
    if "skipped" in found:
        said = _("Not measured: such a network is explained by covering parts of the picture.")
        return HeatmapChecks([], said)
    words = {
        "head_redrawn": _("of the same network with its head drawn at random"),
        "redrawn": _("of the same network with all weights drawn at random"),
        "stain_shift": _("of the same image under a mild stain shift"),
    }
    rows = [_row(word, found[name]) for name, word in words.items() if name in found]
    return HeatmapChecks(rows, "")


def _row(word: str, found: dict[str, Any]) -> HeatmapRow:
    interval, draws = found["interval"], found["draws"]
    return HeatmapRow(
        word,
        _("%(n)d draws, each %(bounds)s") % {"n": len(draws), "bounds": _bounds(draws)}
        if len(draws) > 1
        else "",
        decimal(found["correlation"]),
        _bounds(interval) if interval else "–",
        found["n"],
    )


def _bounds(values: list[float]) -> str:
    said = {"low": decimal(min(values)), "high": decimal(max(values))}
    return _("%(low)s to %(high)s") % said
