"""Judges a bundle on labelled pictures with the code that serves it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_worker.bundle import BundleFacts
from inference_worker.engine import Answers, Engine
from inference_worker.statements import Flag, flags
from training_worker.answering import Judged, answers_for_inputs, inputs_for, named_by
from training_worker.box_figures import labelled_figures
from training_worker.cell_area import area_figures, areas_of
from training_worker.cost import cost_of
from training_worker.curves import (
    precision_recall_points,
    reliability,
    risk_by_coverage,
    roc_points,
    threshold_sweep,
)
from training_worker.explanation_sanity import explanation_sanity
from training_worker.intervals import further_intervals, intervals
from training_worker.metrics import binary_metrics, class_metrics
from training_worker.picture_rows import picture_rows
from training_worker.robustness import robustness
from training_worker.samples import Sample
from training_worker.shortcuts import scale_bar, shortcuts, swapped_colours
from training_worker.strangers import strangers
from training_worker.subgroups import subgroup_figures, traits_of
from training_worker.suites import FULL, QUICK
from training_worker.verdicts import Verdicts


def evaluate(
    engine: Engine,
    scored: Sequence[Sample],
    *,
    train: Sequence[Sample] = (),
    split: str,
    suite: str = QUICK,
    digests: Sequence[str] = (),
    others: Sequence[Path] = (),
) -> dict[str, Any]:
    """Return every figure of one bundle on one set.

    Args:
        engine: The bundle as it serves.
        scored: The pictures to score.
        train: The part that the network learned from; it only feeds the colour-only baseline.
        split: How the two were parted: patient-disjoint, field-disjoint or image-level.
        suite: One of SUITES.
        digests: The pictures' SHA-256: with them, each picture has a row in the report.
        others: Folders of pictures of other kinds, which are to be found strange.
    """
    judged = Judged.of(scored, codes=engine.facts.codes)
    taught = Judged.of(train, codes=engine.facts.codes) if train else None
    inputs = inputs_for(engine, judged.pictures)
    answers = answers_for_inputs(engine, inputs)
    report = figures(engine, answers, labels=judged.labels, groups=judged.groups)
    verdicts = Verdicts.of(engine.facts, answers.scores, judged.labels)
    report |= curves(verdicts)
    report |= {"split": split, "suite": suite} | shortcuts(engine, judged, taught)
    report["explanation_sanity"] = explanation_sanity(engine, inputs, groups=judged.groups)
    if engine.facts.image_kind == "cell":
        report["cell_area"] = area_figures(
            areas_of(judged.pictures), verdicts.malignant_scores, verdicts.malignant
        )
    if digests:
        codes, groups = engine.facts.codes, judged.groups
        rows = picture_rows(verdicts, answers, codes=codes, groups=groups, digests=digests)
        report["pictures"] = rows
    if suite == FULL or others:
        report["strangers"] = strangers(engine, answers.distances, others)
    if suite == FULL:
        report["intervals"] |= further_intervals(verdicts, judged.groups)
        report["subgroups"] = subgroup_figures(verdicts, traits_of(scored))
        report |= stressed(engine, judged, taught)
    return report | labelled_figures(engine, inputs, scored)


def curves(said: Verdicts) -> dict[str, Any]:
    """Return ROC and precision by recall of the roll-up; positive = malignant."""
    return {
        "roc": roc_points(said.malignant, said.malignant_scores),
        "precision_recall": precision_recall_points(said.malignant, said.malignant_scores),
    }


def stressed(engine: Engine, judged: Judged, taught: Judged | None) -> dict[str, Any]:
    """Return what takes minutes: the pictures disturbed in every way, and the clock."""
    return {
        "robustness": robustness(
            lambda pictures: named_by(engine, pictures),
            judged.pictures,
            judged.labels,
            codes=engine.facts.codes,
        ),
        "colour_swapped": swapped_colours(engine, judged, taught),
        "scale_bar_masked": scale_bar(engine, judged),
        "cost": cost_of(engine),
    }


def figures(
    engine: Engine, answers: Answers, *, labels: NDArray[np.int64], groups: Sequence[str]
) -> dict[str, Any]:
    """Return the figures of answers whose true labels are known."""
    facts = engine.facts
    said = Verdicts.of(facts, answers.scores, labels)
    scores, threshold = said.scores, facts.thresholds.decision
    return class_metrics(labels, scores, codes=facts.codes) | {
        "binary": binary_metrics(said.malignant, said.malignant_scores, threshold=threshold),
        "intervals": intervals(said, groups),
        "flagged": flagged(facts, answers),
        "threshold_sweep": threshold_sweep(said.malignant, said.malignant_scores),
        "risk_by_coverage": risk_by_coverage(labels, scores),
        "reliability": reliability(labels, scores),
    }


def flagged(facts: BundleFacts, answers: Answers) -> dict[str, float]:
    """Return the share of pictures that bear each flag when the bundle serves."""
    said = [
        flags(facts, label=facts.codes[named], scores=dict(zip(facts.codes, scores, strict=True)),
              distance=distance)
        for named, scores, distance in zip(
            answers.named.tolist(), answers.scores.tolist(), answers.distances.tolist(), strict=True
        )
    ]  # fmt: skip
    return {flag.value: float(np.mean([flag in found for found in said])) for flag in Flag}
