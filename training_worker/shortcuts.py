"""What is left without colour, white cells or scale bar, and what colour alone would give."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from inference_worker.engine import Engine
from inference_worker.preprocessing import SCALE_BAR_SHARE, Picture
from training_worker.answering import Judged, inputs_for, named_by
from training_worker.colour_baseline import (
    baseline_accuracy,
    baseline_figures,
    fitted_baseline,
)
from training_worker.intervals import mean, share_interval
from training_worker.robustness import recalls
from training_worker.shifts import SHIFTS, STAIN_STRENGTHS, shifted


def shortcuts(engine: Engine, judged: Judged, taught: Judged | None) -> dict[str, Any]:
    """Return the accuracies of the versions; the baseline's too, where there is a train part."""
    versions = {name: shifted(judged.pictures, shift) for name, shift in SHIFTS.items()}
    right = {name: named_by(engine, version) == judged.labels for name, version in versions.items()}
    found = {name: mean(marks) for name, marks in right.items()}
    report: dict[str, Any] = {
        "white_cells": {
            "removed_accuracy": found["white_cells_removed"],
            "alone_accuracy": found["white_cells_alone"],
        },
        "grey_scale": {"accuracy": found["grey_scale"]},
        "stain_shift": _strengths(found),
        "shift_intervals": {
            name: share_interval(marks, groups=judged.groups)
            for name, marks in right.items()
            if name != "unchanged"
        },
    }
    if taught:
        report["colour_only_baseline"] = _baseline(engine, judged, taught, versions)
    return report


def _baseline(
    engine: Engine, judged: Judged, taught: Judged, versions: dict[str, list[Picture]]
) -> dict[str, Any]:
    baseline = fitted_baseline(inputs_for(engine, taught.pictures), taught.labels)
    accuracies = {
        name: baseline_accuracy(baseline, inputs_for(engine, version), judged.labels)
        for name, version in versions.items()
        if not name.startswith("white_cells")
    }
    figures = baseline_figures(
        baseline,
        inputs_for(engine, judged.pictures),
        judged.labels,
        malignant=np.array([one.malignant for one in engine.facts.classes]),
    )
    return figures | {
        "grey_scale": accuracies["grey_scale"],
        "stain_shift": _strengths(accuracies),
    }


def _strengths(found: dict[str, float]) -> list[float]:
    return [found[f"stain_shift_{strength}"] for strength in STAIN_STRENGTHS]


def swapped_colours(engine: Engine, judged: Judged, taught: Judged | None) -> dict[str, Any]:
    """Return what is named when each picture bears the colours of one of another class.

    Mean and deviation of each CIELAB channel are handed over (Reinhard et al. 2001). What goes
    by colour names the other class.
    """
    pictures, donors = _swapped(judged)
    named = named_by(engine, pictures)
    found: dict[str, Any] = {
        "accuracy": float(np.mean(named == judged.labels)),
        "named_as_the_colours": float(np.mean(named == judged.labels[donors])),
        "recall": recalls(judged.labels, named, codes=engine.facts.codes),
    }
    if taught:
        baseline = fitted_baseline(inputs_for(engine, taught.pictures), taught.labels)
        found["colour_only_baseline"] = baseline_accuracy(
            baseline, inputs_for(engine, pictures), judged.labels
        )
    return found


def _swapped(judged: Judged) -> tuple[list[Picture], list[int]]:
    random = np.random.default_rng(0)
    donors = []
    for index, label in enumerate(judged.labels):
        others = np.flatnonzero(judged.labels != label)
        donors.append(int(random.choice(others)) if len(others) else index)
    pictures = [
        with_colours_of(judged.pictures[donor], picture)
        for picture, donor in zip(judged.pictures, donors, strict=True)
    ]
    return pictures, donors


def with_colours_of(donor: Picture, picture: Picture) -> Picture:
    """Return `picture` with mean and deviation of each CIELAB channel of `donor`."""
    given, own = (
        cv2.cvtColor(one.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for one in (donor, picture)
    )
    scale = given.std((0, 1)) / np.maximum(own.std((0, 1)), 1e-3)
    moved = (own - own.mean((0, 1))) * scale + given.mean((0, 1))
    rgb = cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB)
    return np.clip(np.rint(rgb * 255), 0, 255).astype(np.uint8)


def scale_bar(engine: Engine, judged: Judged) -> dict[str, Any]:
    """Return what is named when the corner of the scale bar is painted over beforehand.

    `changed` is the share of pictures that are then named otherwise: 0 where the preprocessing
    masks the corner as it should.
    """
    before = named_by(engine, judged.pictures)
    after = named_by(engine, [_corner_painted(picture) for picture in judged.pictures])
    return {
        "accuracy": float(np.mean(after == judged.labels)),
        "changed": float(np.mean(before != after)),
    }


def _corner_painted(picture: Picture) -> Picture:
    """Paint the corner in the median of the rest."""
    height, width = picture.shape[:2]
    top, left = height - round(height * SCALE_BAR_SHARE), width - round(width * SCALE_BAR_SHARE)
    painted = picture.copy()
    painted[top:, left:] = np.median(picture[:top].reshape(-1, 3), axis=0)
    return painted
