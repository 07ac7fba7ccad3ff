"""A model's figures, each with its n and its interval: of a population, never of one picture."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hemaqueue.common.intervals import wilson
from hemaqueue.evaluations.split_words import split_words
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reports.content import Figure, ModelContent

KINDS = {
    "field": gettext_lazy("smear fields"),
    "cell": gettext_lazy("single cells"),
    "synthetic": gettext_lazy("synthetic pictures"),
}


def model_content(version: ModelVersion) -> ModelContent:
    metrics: dict[str, Any] = version.facts.get("metrics", {})
    return ModelContent(
        name=version.name,
        network=version.network,
        digest=version.digest,
        kind=str(KINDS.get(version.image_kind, version.image_kind)),
        split=split_words(str(metrics.get("split", ""))),
        demonstration=version.is_demonstration,
        figures=figures(metrics),
    )


def figures(metrics: dict[str, Any]) -> list[Figure]:
    """Return the figures that the bundle holds; what was not measured is not there."""
    binary: dict[str, Any] = metrics.get("binary", {})
    intervals: dict[str, Any] = metrics.get("intervals", {})
    both = (binary.get("n_malignant"), binary.get("n_benign"))
    known = [
        (_("Accuracy over the classes"), "accuracy", metrics.get("accuracy"), metrics.get("n")),
        (_("Mean recall of the classes"), "macro_recall", metrics.get("macro_recall"),
         metrics.get("n")),
        (_("Sensitivity for malignant"), "sensitivity", binary.get("sensitivity"), both[0]),
        (_("Specificity for malignant"), "specificity", binary.get("specificity"), both[1]),
    ]  # fmt: skip
    return [
        Figure(
            name=name,
            value=f"{value:.3f}",
            interval=_interval(intervals.get(key), value=value, n=n),
            n="" if n is None else str(n),
        )
        for name, key, value, n in known
        if value is not None
    ]


def _interval(bounds: Any, *, value: float, n: int | None) -> str:
    """Return the measured interval. A bootstrap of a perfect score has no width: Wilson's has."""
    if not isinstance(bounds, list | tuple) or len(bounds) != 2:
        return ""
    low, high = bounds
    if low == high and n:
        low, high = wilson(value, n=n)
    return _("%(low).3f to %(high).3f") % {"low": low, "high": high}
