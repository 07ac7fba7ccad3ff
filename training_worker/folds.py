"""Cross-validation by group: every figure as mean and spread, the colour-only baseline beside it.

Each fold is judged by a network that never saw its groups; weights, temperature and thresholds
of that network were chosen on other groups held out of the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np

from inference_worker.bundle import FACTS, load_bundle
from inference_worker.engine import Engine
from training_worker.evaluation import evaluate
from training_worker.finishing import write_bundle
from training_worker.learning import Tell
from training_worker.plan import Plan
from training_worker.run import learned_as_planned
from training_worker.samples import Sample
from training_worker.shifts import STAIN_STRENGTHS
from training_worker.splits import FIELD_DISJOINT
from training_worker.splitting import folds_of, held_out
from training_worker.targets import with_targets

Figure = Callable[[dict[str, Any]], float | None]


def _shift(strength: int) -> Figure:
    return lambda report: report["stain_shift"][strength - 1]


FIGURES: dict[str, Figure] = {
    "accuracy": lambda r: r["accuracy"],
    "macro_recall": lambda r: r["macro_recall"],
    "benign_recall": lambda r: r["per_class"].get("benign", {}).get("recall"),
    "sensitivity": lambda r: r["binary"]["sensitivity"],
    "specificity": lambda r: r["binary"]["specificity"],
    "auroc": lambda r: r["binary"]["auroc"],
    "ece": lambda r: r["ece"],
    "grey_scale": lambda r: r["grey_scale"]["accuracy"],
    **{f"stain_shift_{strength}": _shift(strength) for strength in STAIN_STRENGTHS},
}

BASELINE: dict[str, Figure] = {
    "accuracy": lambda r: r["accuracy"],
    "grey_scale": lambda r: r["grey_scale"],
    "macro_recall": lambda r: r.get("macro_recall"),
    "benign_recall": lambda r: r.get("benign_recall"),
    "sensitivity": lambda r: r.get("sensitivity"),
    "specificity": lambda r: r.get("specificity"),
    "auroc": lambda r: r.get("auroc"),
    "ece": lambda r: r.get("ece"),
    **{f"stain_shift_{strength}": _shift(strength) for strength in STAIN_STRENGTHS},
}


def cross_validated(
    plan: Plan, *, folds: int, out: Path, resume: bool = False, tell: Tell = lambda _: None
) -> dict[str, Any]:
    """Train and judge once for each fold; the bundles lie in `out/fold-1` and so on.

    With `resume`, a fold whose bundle is there is judged again, not trained again.
    """
    cv2.setNumThreads(1)
    samples = plan.samples()
    pixels = with_targets(plan.network, samples, plan.pixels(samples))
    reports = []
    for number, (rest, fold) in enumerate(
        folds_of(pixels, folds=folds, seed=plan.settings.seed), start=1
    ):
        taught, place = pixels.part(rest), out / f"fold-{number}"
        if not (resume and (place / FACTS).is_file()):
            keras.utils.set_random_seed(plan.settings.seed)
            parts = held_out(taught, folds=plan.settings.folds, seed=plan.settings.seed)
            lessons, checks = (taught.part(chosen) for chosen in parts)
            learned = learned_as_planned(plan, lessons, checks, out=place, resume=resume, tell=tell)
            given = [samples[index] for index in rest]
            write_bundle(plan, given, lessons, checks, learned, out=place, on_val=False)
        reports.append(_judged(place, samples, rest, fold))
    return summary(reports) | {"network": plan.network, "folds": reports}


def _judged(
    place: Path, samples: list[Sample], rest: np.ndarray, fold: np.ndarray
) -> dict[str, Any]:
    report = evaluate(
        Engine(load_bundle(place)),
        [samples[index] for index in fold],
        train=[samples[index] for index in rest],
        split=FIELD_DISJOINT,
    )
    return {"bundle": place.name} | report


def summary(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Return mean, spread (standard deviation) and each fold's value of every figure."""
    alone = [report["colour_only_baseline"] for report in reports]
    return {
        "figures": {
            name: {
                **_spread([figure(one) for one in reports]),
                "colour_only_baseline": _spread([BASELINE[name](one) for one in alone]),
            }
            for name, figure in FIGURES.items()
        }
    }


def _spread(values: list[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    return {
        "mean": float(np.mean(known)) if known else None,
        "spread": float(np.std(known, ddof=1)) if len(known) > 1 else None,
        "by_fold": values,
    }


def readable(found: dict[str, Any]) -> str:
    lines = [f"{'':16} {'mean':>8} {'spread':>8}   colour alone"]
    for name, row in found["figures"].items():
        alone = row["colour_only_baseline"]
        cells = (row["mean"], row["spread"], alone["mean"])
        mean, spread, colour = ("–" if one is None else f"{one:.4f}" for one in cells)
        lines.append(f"{name:16} {mean:>8} {spread:>8}   {colour}")
    return "\n".join(lines)
