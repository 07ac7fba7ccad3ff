"""Judges a bundle on labelled pictures with the code that serves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_worker.engine import Answers, Engine
from inference_worker.marking import MARKERS, marked
from inference_worker.preprocessing import Picture, preprocess
from training_worker.boxes import box_metrics, true_boxes
from training_worker.colour_baseline import baseline_accuracy, baseline_figures, fitted_baseline
from training_worker.metrics import (
    binary_metrics,
    class_metrics,
    interval,
    macro_recall,
)
from training_worker.samples import Sample, read_picture
from training_worker.shifts import SHIFTS, STAIN_STRENGTHS, shifted

BATCH = 32


@dataclass(frozen=True)
class Judged:
    """Canonical pictures with their labels, as indices into the bundle's classes."""

    pictures: list[Picture]
    labels: NDArray[np.int64]
    groups: list[str]

    @classmethod
    def of(cls, samples: Sequence[Sample], *, codes: Sequence[str]) -> Judged:
        return cls(
            pictures=[read_picture(sample) for sample in samples],
            labels=np.array([codes.index(sample.label) for sample in samples], np.int64),
            groups=[sample.group or str(index) for index, sample in enumerate(samples)],
        )


def evaluate(
    engine: Engine, scored: Sequence[Sample], *, train: Sequence[Sample] = (), split: str
) -> dict[str, Any]:
    """Return every figure of one bundle on one set.

    Args:
        engine: The bundle as it serves.
        scored: The pictures to score.
        train: The part that the network learned from; it only feeds the colour-only baseline.
        split: How the two were parted: patient-disjoint, field-disjoint or image-level.
    """
    judged = Judged.of(scored, codes=engine.facts.codes)
    answers = answers_for(engine, judged.pictures)
    report = figures(engine, answers, labels=judged.labels, groups=judged.groups)
    report |= _shortcuts(engine, judged, train)
    return {"split": split} | report | _boxes(engine, scored, judged)


def _boxes(engine: Engine, scored: Sequence[Sample], judged: Judged) -> dict[str, Any]:
    """Return how well a network that marks cells agrees with people, or with regions."""
    if engine.facts.network not in MARKERS:
        return {}
    inputs = _inputs(engine, judged.pictures)
    said = [
        b for i in range(0, len(inputs), BATCH) for b in marked(engine.model, inputs[i : i + BATCH])
    ]
    true, whose = zip(*(true_boxes(sample) for sample in scored), strict=True)
    return {"boxes": {"truth": sorted(set(whose))} | box_metrics(true, said)}


def figures(
    engine: Engine, answers: Answers, *, labels: NDArray[np.int64], groups: Sequence[str]
) -> dict[str, Any]:
    """Return the figures of answers whose true labels are known."""
    facts, scores = engine.facts, answers.scores.astype(np.float64)
    malignant_class = np.array([one.malignant for one in facts.classes])
    malignant, malignant_scores = malignant_class[labels], scores[:, malignant_class].sum(1)
    threshold, named = facts.thresholds.decision, scores.argmax(1)
    called = malignant_scores >= threshold

    def bounds(figure: Any) -> list[float] | None:
        return interval(figure, groups=groups)

    return class_metrics(labels, scores, codes=facts.codes) | {
        "binary": binary_metrics(malignant, malignant_scores, threshold=threshold),
        "intervals": {
            "accuracy": bounds(lambda i: np.mean(labels[i] == named[i])),
            "macro_recall": bounds(lambda i: macro_recall(labels[i], named[i])),
            "sensitivity": bounds(lambda i: _mean(called[i][malignant[i]])),
            "specificity": bounds(lambda i: _mean(~called[i][~malignant[i]])),
        },
        "flagged": {
            "uncertain": float(np.mean(scores.max(1) < facts.thresholds.abstain)),
            "out_of_distribution": float(
                np.mean(answers.distances > facts.thresholds.out_of_distribution)
            ),
        },
    }


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _shortcuts(engine: Engine, judged: Judged, train: Sequence[Sample]) -> dict[str, Any]:
    """Return what is left without colour, or white cells, and what colour alone would give."""
    versions = {name: shifted(judged.pictures, shift) for name, shift in SHIFTS.items()}
    found = {name: _accuracy(engine, v, judged.labels) for name, v in versions.items()}
    report: dict[str, Any] = {
        "white_cells": {
            "removed_accuracy": found["white_cells_removed"],
            "alone_accuracy": found["white_cells_alone"],
        },
        "grey_scale": {"accuracy": found["grey_scale"]},
        "stain_shift": [found[f"stain_shift_{strength}"] for strength in STAIN_STRENGTHS],
    }
    if train:
        taught = Judged.of(train, codes=engine.facts.codes)
        baseline = fitted_baseline(_inputs(engine, taught.pictures), taught.labels)
        alone = {
            name: baseline_accuracy(baseline, _inputs(engine, v), judged.labels)
            for name, v in versions.items()
            if not name.startswith("white_cells")
        }
        report["colour_only_baseline"] = {
            **baseline_figures(
                baseline,
                _inputs(engine, judged.pictures),
                judged.labels,
                malignant=np.array([one.malignant for one in engine.facts.classes]),
            ),
            "grey_scale": alone["grey_scale"],
            "stain_shift": [alone[f"stain_shift_{strength}"] for strength in STAIN_STRENGTHS],
        }
    return report


def answers_for(engine: Engine, pictures: Sequence[Picture]) -> Answers:
    """Return the answers for canonical pictures, in their order."""
    return answers_for_inputs(engine, _inputs(engine, pictures))


def answers_for_inputs(engine: Engine, inputs: NDArray[np.uint8]) -> Answers:
    """Return the answers for preprocessed pictures, in their order."""
    parts = [
        engine.answer(inputs[i : i + BATCH], grids=False) for i in range(0, len(inputs), BATCH)
    ]
    return Answers(
        named=np.concatenate([part.named for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        grids=np.concatenate([part.grids for part in parts]),
        distances=np.concatenate([part.distances for part in parts]),
    )


def _inputs(engine: Engine, pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    facts = engine.facts
    return np.stack(
        [preprocess(one, steps=facts.preprocessing, size=facts.input_size) for one in pictures]
    )


def _accuracy(engine: Engine, pictures: Sequence[Picture], labels: NDArray[np.int64]) -> float:
    return float(np.mean(answers_for(engine, pictures).scores.argmax(1) == labels))
