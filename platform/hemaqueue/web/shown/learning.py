"""How a version came to its weights: the curve of its run, or the one beside its bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.registry.learning import curve_kept
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.lineage import lineage_of
from hemaqueue.web.shown.learning_curves import CurvePlot, curve_plots
from hemaqueue.web.shown.numbers import decimal, number, percent_or_dash


@dataclass(frozen=True)
class LearningShown:
    """`lines` say what the best epoch and the last came to; `plots` is empty where none is kept."""

    lines: list[str]
    plots: list[CurvePlot]


def learning_shown(version: ModelVersion) -> LearningShown:
    training = version.facts.get("training") or {}
    run = lineage_of(version).run
    curve = run.curve if run and run.curve else curve_kept(version)
    return LearningShown(
        lines=list(_lines(training)), plots=curve_plots(curve, of=training.get("epochs", 0))
    )


def early_end(*, epoch: int, of: int, patience: int) -> str:
    words = ngettext(
        "It ended early, after epoch %(epoch)d of %(of)d: nothing got better for %(n)d epoch.",
        "It ended early, after epoch %(epoch)d of %(of)d: nothing got better for %(n)d epochs.",
        patience,
    )
    return words % {"epoch": epoch, "of": of, "n": patience}


def _lines(training: dict[str, Any]) -> Iterator[str]:
    """Yield what is known of single epochs; earlier releases did not keep the last."""
    if epochs := training.get("epochs"):
        words = {"n": epochs, "minutes": number(training.get("minutes", 0), 1)}
        yield _("Epochs: %(n)d, in %(minutes)s minutes.") % words
        if training.get("ended_early"):
            asked = training["settings"]
            yield early_end(epoch=epochs, of=asked["epochs"], patience=asked["patience"])
    if best := training.get("held_out"):
        yield _("The best, epoch %(epoch)d: %(figures)s.") % _figures(best)
    if last := training.get("last"):
        yield _("The last, epoch %(epoch)d: %(figures)s.") % _figures(last)


def _figures(epoch: dict[str, Any]) -> dict[str, Any]:
    words = {
        "loss": decimal(epoch.get("loss")),
        "held_out": decimal(epoch.get("check_loss")),
        "accuracy": percent_or_dash(epoch.get("check_accuracy")),
    }
    said = _("loss %(loss)s, held out %(held_out)s, accuracy held out %(accuracy)s") % words
    return {"epoch": epoch["epoch"], "figures": said}
