"""What a finished network needs before it may speak: temperature, thresholds, statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from inference_worker.bundle import Arrays, Thresholds
from inference_worker.classes import SmearClass
from inference_worker.strangeness import distances, feature_statistics
from training_worker.samples import Pixels
from training_worker.shifts import SHIFTS, shifted
from training_worker.thresholds import (
    abstain_threshold,
    decision_threshold,
    fitted_temperature,
    strangeness_threshold,
)

SHRINKAGE = 0.1
BATCH = 64
CALIBRATED_ON = ("unchanged", "grey_scale", "stain_shift_2")


@dataclass(frozen=True)
class Calibration:
    """What turns a network's numbers into statements."""

    temperature: float
    thresholds: Thresholds
    statistics: Arrays


def calibrated(
    model: keras.Model, *, lessons: Pixels, checks: Pixels, classes: Sequence[SmearClass]
) -> Calibration:
    """Return temperature and thresholds (both from the checks) and the feature statistics.

    Scores are calibrated on the checks as they are, in grey and stained otherwise: where the
    network makes no error, any confidence would seem right.
    """
    probe = keras.Model(model.inputs, [model.outputs[0], model.get_layer("pooled").output])
    _, taught = _outputs(probe, lessons)
    _, features = _outputs(probe, checks)
    varied = _varied(checks)
    logits, _ = _outputs(probe, varied)
    statistics = feature_statistics(
        taught, lessons.labels, classes=len(classes), shrinkage=SHRINKAGE
    )
    temperature = fitted_temperature(logits, varied.labels)
    scores = softmax(logits / temperature, axis=1)
    malignant = np.array([one.malignant for one in classes])
    thresholds = Thresholds(
        decision=decision_threshold(scores[:, malignant].sum(1), malignant[varied.labels]),
        abstain=abstain_threshold(scores.max(1), scores.argmax(1) == varied.labels),
        out_of_distribution=strangeness_threshold(distances(features, statistics)),
    )
    return Calibration(temperature, thresholds, statistics)


def _varied(checks: Pixels) -> Pixels:
    versions = [shifted(checks.pictures, SHIFTS[name]) for name in CALIBRATED_ON]
    return Pixels(
        np.concatenate([np.stack(version) for version in versions]),
        np.tile(checks.labels, len(versions)),
        np.tile(checks.groups, len(versions)),
    )


def _outputs(probe: keras.Model, pixels: Pixels) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return logits `(n, classes)` and pooled features `(n, d)` of unaugmented pictures.

    The last batch is filled up: a graph is built for every size of one.
    """
    pictures, n = pixels.pictures, len(pixels)
    whole = (BATCH, *pictures.shape[1:])
    batches = (np.resize(pictures[at : at + BATCH], whole) for at in range(0, n, BATCH))
    parts = [probe.predict_on_batch(batch.astype(np.float32)) for batch in batches]
    logits, features = (np.concatenate(column)[:n] for column in zip(*parts, strict=True))
    return logits.astype(np.float64), features
