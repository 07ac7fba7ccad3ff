"""The end of a run: from the best weights to a calibrated, judged bundle with its card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from inference_worker.bundle import CARD, Bundle, BundleFacts, save_bundle
from inference_worker.engine import Engine
from inference_worker.networks import all_parameters
from inference_worker.rebuild import weights_of
from training_worker.calibration import Calibration, calibrated
from training_worker.card import card_text
from training_worker.evaluation import evaluate
from training_worker.learned import write_learned
from training_worker.learning import Learned
from training_worker.learning_curve import write_curve
from training_worker.machine import fit_machine
from training_worker.plan import Plan
from training_worker.pretrained import named
from training_worker.samples import Pixels, Sample, class_counts, samples_digest
from training_worker.schedule import is_stuck
from training_worker.settings import TrainingSettings
from training_worker.splits import Parts
from training_worker.targets import teachers
from training_worker.versions import code_version


def write_bundle(
    plan: Plan,
    samples: Sequence[Sample],
    lessons: Pixels,
    checks: Pixels,
    learned: Learned,
    *,
    out: Path,
) -> None:
    """Calibrate on the checks, judge on what the plan keeps apart, and write the bundle."""
    model = finished(
        learned,
        lessons,
        network=plan.network,
        parameters=plan.given_parameters,
        seed=plan.settings.seed,
    )
    calibration = calibrated(model, lessons=lessons, checks=checks, classes=plan.classes)
    facts = BundleFacts(
        name=out.name,
        network=plan.network,
        parameters=all_parameters(plan.network, plan.given_parameters),
        input_size=plan.input_size,
        preprocessing=plan.preprocessing,
        image_kind=plan.image_kind,
        classes=plan.classes,
        temperature=calibration.temperature,
        thresholds=calibration.thresholds,
        demonstration=plan.image_kind == "synthetic",
        dataset=_dataset(samples, lessons, checks, plan.codes),
        training=training_facts(plan.settings, learned)
        | {"parameters": model.count_params(), "pretrained": named(plan.pretrained)}
        | teachers(plan.network, samples),
        code_version=code_version(),
    )
    judged_bundle(
        out,
        facts,
        model=model,
        calibration=calibration,
        judge=lambda engine: judged_on(engine, plan.judged()),
    )
    write_learned(out, samples, image_kind=plan.image_kind)
    write_curve(out, learned.progress.history)


def judged_bundle(
    out: Path,
    facts: BundleFacts,
    *,
    model: keras.Model,
    calibration: Calibration,
    judge: Callable[[Engine], dict[str, Any]],
) -> Bundle:
    """Write a bundle twice: as it is judged, and with what the judge found and its card."""
    facts = replace(facts, temperature=calibration.temperature, thresholds=calibration.thresholds)
    weights = weights_of(model)
    bundle = save_bundle(out, facts, weights=weights, statistics=calibration.statistics)
    facts = replace(facts, metrics=judge(Engine(bundle)))
    (out / CARD).write_text(card_text(facts))
    return save_bundle(out, facts, weights=weights, statistics=calibration.statistics)


def finished(
    learned: Learned, lessons: Pixels, *, network: str, parameters: dict[str, Any], seed: int
) -> keras.Model:
    """Return the network as it is stored, in half precision: what is calibrated is served."""
    model = learned.model
    model.set_weights([one.astype(np.float16).astype(np.float32) for one in model.get_weights()])
    if network == "deep_svm":
        chosen = all_parameters(network, parameters)
        fit_machine(model, lessons, kept=chosen["kept"], penalty=chosen["penalty"], seed=seed)
    return model


def judged_on(engine: Engine, parts: Parts) -> dict[str, Any]:
    """Return the figures on what was never learned from; {} where the data has no such part."""
    if not parts.train:
        return {}
    return evaluate(engine, parts.scored, train=parts.train, split=parts.kind)


def _dataset(
    samples: Sequence[Sample], lessons: Pixels, checks: Pixels, codes: Sequence[str]
) -> dict[str, Any]:
    return {
        "digest": samples_digest(samples),
        "images": len(samples),
        "groups": len({sample.group for sample in samples}),
        "learned": class_counts(lessons, codes),
        "held_out": class_counts(checks, codes),
    }


def training_facts(settings: TrainingSettings, learned: Learned) -> dict[str, Any]:
    """Return how a network came to its weights."""
    progress = learned.progress
    return {
        "settings": settings.to_json(),
        "epochs": progress.epoch,
        "best_epoch": progress.best_epoch,
        "ended_early": is_stuck(progress, settings) and progress.epoch < settings.epochs,
        "steps": int(sum(facts.get("steps", 0.0) for facts in progress.history)),
        "minutes": round(progress.seconds / 60, 1),
        "last": progress.history[-1],
        "held_out": next((f for f in progress.history if f["epoch"] == progress.best_epoch), {}),
    }
