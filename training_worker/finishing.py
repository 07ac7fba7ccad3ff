"""The end of a run: from the best weights to a calibrated, judged bundle with its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from inference_worker.bundle import BundleFacts, Thresholds, save_bundle
from inference_worker.classes import FOUR_CLASSES
from inference_worker.engine import Engine
from inference_worker.rebuild import weights_of
from inference_worker.strangeness import distances, feature_statistics
from training_worker.calibration import (
    abstain_threshold,
    decision_threshold,
    fitted_temperature,
    strangeness_threshold,
)
from training_worker.card import card_text
from training_worker.evaluation import evaluate
from training_worker.learning import Learned
from training_worker.samples import Pixels, Sample, samples_digest
from training_worker.splits import parts_of
from training_worker.versions import code_version

if TYPE_CHECKING:
    from training_worker.run import Plan

Arrays = dict[str, NDArray[Any]]

SHRINKAGE = 0.1


def write_bundle(
    plan: Plan,
    samples: Sequence[Sample],
    lessons: Pixels,
    checks: Pixels,
    learned: Learned,
    *,
    out: Path,
) -> None:
    """Calibrate on the checks, judge on `val/` where there is one, and write the bundle."""
    model = plan.model()
    model.set_weights([_as_stored(weight) for weight in learned.weights])
    temperature, thresholds, statistics = calibrated(model, plan, lessons=lessons, checks=checks)
    facts = BundleFacts(
        name=out.name,
        network=plan.network,
        parameters=plan.parameters,
        input_size=plan.input_size,
        preprocessing=plan.preprocessing,
        image_kind=plan.image_kind,
        classes=FOUR_CLASSES,
        temperature=temperature,
        thresholds=thresholds,
        demonstration=plan.image_kind == "synthetic",
        dataset=_dataset(samples, lessons, checks, plan.codes),
        training=_training(plan, learned) | {"parameters": model.count_params()},
        code_version=code_version(),
    )
    weights = weights_of(model)
    bundle = save_bundle(out, facts, weights=weights, statistics=statistics)
    metrics = judged_on_val(Engine(bundle), plan.data)
    facts = replace(facts, metrics=metrics)
    bundle = save_bundle(out, facts, weights=weights, statistics=statistics)
    (out / "card.md").write_text(card_text(bundle.facts))


def _as_stored(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half precision and back: what is calibrated is what is served."""
    return weight.astype(np.float16).astype(np.float32)


def calibrated(
    model: keras.Model, plan: Plan, *, lessons: Pixels, checks: Pixels
) -> tuple[float, Thresholds, Arrays]:
    """Return temperature, thresholds (both from the checks) and the feature statistics."""
    _, taught = _outputs(model, lessons)
    logits, features = _outputs(model, checks)
    statistics = feature_statistics(
        taught, lessons.labels, classes=len(plan.codes), shrinkage=SHRINKAGE
    )
    temperature = fitted_temperature(logits, checks.labels)
    scores = softmax(logits / temperature, axis=1)
    malignant = np.array([one.malignant for one in FOUR_CLASSES])
    thresholds = Thresholds(
        decision=decision_threshold(scores[:, malignant].sum(1), malignant[checks.labels]),
        abstain=abstain_threshold(scores.max(1), scores.argmax(1) == checks.labels),
        out_of_distribution=strangeness_threshold(distances(features, statistics)),
    )
    return temperature, thresholds, statistics


def _outputs(model: keras.Model, pixels: Pixels) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return logits `(n, classes)` and pooled features `(n, d)` of unaugmented pictures."""
    probe = keras.Model(model.inputs, [model.output, model.get_layer("pooled").output])
    parts = [
        probe.predict_on_batch(pixels.pictures[start : start + 64].astype(np.float32))
        for start in range(0, len(pixels), 64)
    ]
    logits, features = (np.concatenate(column) for column in zip(*parts, strict=True))
    return logits.astype(np.float64), features


def judged_on_val(engine: Engine, data: Path) -> dict[str, Any]:
    """Return the figures on `val/`; {} where the data has none."""
    parts = parts_of(data)
    if not parts.train:
        return {}
    return evaluate(engine, parts.scored, train=parts.train, split=parts.kind)


def _dataset(
    samples: Sequence[Sample], lessons: Pixels, checks: Pixels, codes: Sequence[str]
) -> dict[str, Any]:
    def counts(pixels: Pixels) -> dict[str, int]:
        return {code: int(np.sum(pixels.labels == i)) for i, code in enumerate(codes)}

    return {
        "digest": samples_digest(samples),
        "images": len(samples),
        "groups": len({sample.group for sample in samples}),
        "learned": counts(lessons),
        "held_out": counts(checks),
    }


def _training(plan: Plan, learned: Learned) -> dict[str, Any]:
    progress = learned.progress
    return {
        "settings": plan.settings.to_json(),
        "epochs": progress.epoch,
        "best_epoch": progress.best_epoch,
        "minutes": round(progress.seconds / 60, 1),
        "held_out": next((f for f in progress.history if f["epoch"] == progress.best_epoch), {}),
    }
