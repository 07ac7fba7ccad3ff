"""Judging versions on signed labels: what the platform keeps as their evaluations.

The figures are those of the pictures as the network sees them when it serves. What disturbs
pictures is tried on at most STRESSED of them, made smaller where they are large: the report
says on how many.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.bundle import Bundle, ModelIntegrity, load_stored_bundle
from inference_worker.engine import Engine
from inference_worker.preprocessing import Picture
from jobcontract import storage
from jobcontract.imaging import canonical_picture
from jobcontract.judging import EvaluatedModel, EvaluateModel
from jobcontract.messages import (
    ModelReference,
    Outcome,
    Parcel,
    Ticket,
    TrainingImage,
)
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import read_shared
from jobcontract.splits import HELD_OUT_OF_CANDIDATE, WHOLE
from training_worker.answering import Judged, answers_for_inputs
from training_worker.box_figures import drawn_figures
from training_worker.evaluation import curves, figures, stressed
from training_worker.explanation_sanity import explanation_sanity
from training_worker.intervals import further_intervals
from training_worker.picture_rows import picture_rows
from training_worker.samples import Pixels, labels_digest
from training_worker.shortcuts import shortcuts
from training_worker.snapshot import sides, snapshot_images, snapshot_pixels
from training_worker.splits import with_apart
from training_worker.strangers import strangers
from training_worker.suites import FULL
from training_worker.verdicts import Verdicts

STRESSED = 400
LARGEST_SIDE = 640

Tell = Callable[[dict[str, Any]], None]
Indices = NDArray[np.int64]


def evaluated(parcel: Parcel, *, tell: Tell) -> list[Outcome]:
    """Judge once for each job of the parcel (the dispatcher sends one at a time)."""
    reference = ModelReference.from_json(parcel.shared)
    return [
        _outcome(reference, EvaluateModel.from_json(body), ticket, tell)
        for ticket, body in zip(parcel.tickets, parcel.bodies, strict=True)
    ]


def _outcome(
    reference: ModelReference, asked: EvaluateModel, ticket: Ticket, tell: Tell
) -> Outcome:
    references = [reference]
    if asked.against:
        references.append(ModelReference.from_json(asked.against))
    bundles = [_loaded(one) for one in references]
    images = snapshot_images(bundles[0].facts, asked.manifest)
    judged = len(images)
    if asked.whole and asked.taught.key:
        images += snapshot_images(bundles[0].facts, asked.taught)
    learn, check = parts(snapshot_pixels(bundles[0].facts, images), images, asked, judged=judged)
    reports = []
    for number, bundle in enumerate(bundles, start=1):
        reports.append(report_of(bundle, images, learn, check) | _names(bundle, asked, images))
        tell({"judged": number, "of": len(bundles)})
    key = f"{asked.output_prefix}/{ticket.job}-{ticket.attempt}.json"
    storage.write(key, json.dumps(reports).encode())
    return Outcome(
        job=ticket.job, attempt=ticket.attempt, ok=True, body=EvaluatedModel(key).to_json()
    )


def _loaded(reference: ModelReference) -> Bundle:
    """Return a bundle with the thresholds under which it serves."""
    try:
        bundle = load_stored_bundle(reference)
    except ModelIntegrity as error:
        raise WorkFailed(error.code, f"The model was refused: {error}") from error
    facts = bundle.facts.at(decision=reference.decision, abstain=reference.abstain)
    return replace(bundle, facts=facts)


def _names(bundle: Bundle, asked: EvaluateModel, images: Sequence[TrainingImage]) -> dict[str, Any]:
    return {
        "bundle": bundle.facts.name,
        "digest": bundle.digest,
        "data": asked.name,
        "split": with_apart(
            asked.split or (WHOLE if asked.whole else HELD_OUT_OF_CANDIDATE), images
        ),
        "suite": FULL,
    }


def parts(
    pixels: Pixels, images: Sequence[TrainingImage], asked: EvaluateModel, *, judged: int
) -> tuple[Indices, Indices]:
    """Return (learned from, judged on), as indices: parted like a fine-tuning parts them.

    Where the whole is judged, that is the first `judged` of the images; the others only teach.

    Raises:
        WorkFailed: a class has too few groups.
    """
    if asked.whole:
        return np.arange(judged, len(pixels)), np.arange(judged)
    return sides(pixels, folds=[one.fold for one in images], seed=asked.seed)


def report_of(
    bundle: Bundle, images: Sequence[TrainingImage], learn: Indices, check: Indices
) -> dict[str, Any]:
    """Return the figures of one bundle, with a row for each picture that was judged."""
    engine = Engine(bundle)
    pixels = snapshot_pixels(bundle.facts, images)
    judged, shown = pixels.part(check), [images[index] for index in check.tolist()]
    answers = answers_for_inputs(engine, judged.pictures)
    groups, codes = list(map(str, judged.groups)), engine.facts.codes
    said = Verdicts.of(engine.facts, answers.scores, judged.labels)
    report = figures(engine, answers, labels=judged.labels, groups=groups) | curves(said)
    report["intervals"] |= further_intervals(said, groups)
    report["data_digest"] = labels_digest((one.sha256, one.label) for one in shown)
    report["pictures"] = picture_rows(
        said, answers, codes=codes, groups=groups, digests=[one.sha256 for one in shown]
    )
    report["strangers"] = strangers(engine, answers.distances)
    report["explanation_sanity"] = explanation_sanity(engine, judged.pictures, groups=groups)
    report |= drawn_figures(engine, judged.pictures, [one.boxes for one in shown])
    return report | _stressed(engine, shown, judged, taught=pixels.part(learn))


def _stressed(
    engine: Engine, images: Sequence[TrainingImage], judged: Pixels, *, taught: Pixels
) -> dict[str, Any]:
    """Return what is left when pictures are disturbed, what colour alone gives, and the cost."""
    chosen = np.random.default_rng(0).permutation(len(images))[:STRESSED]
    some = Judged(
        [_reduced(images[index]) for index in chosen.tolist()],
        judged.labels[chosen],
        [str(judged.groups[index]) for index in chosen],
    )
    known = (
        Judged(list(taught.pictures), taught.labels, list(taught.groups)) if len(taught) else None
    )
    return (
        shortcuts(engine, some, known) | {"disturbed": len(chosen)} | stressed(engine, some, known)
    )


def _reduced(image: TrainingImage) -> Picture:
    """Return the canonical picture, its longer side at most LARGEST_SIDE pixels."""
    picture = canonical_picture(read_shared(image.image))
    scale = LARGEST_SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
