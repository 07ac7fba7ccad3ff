"""What the tasks do, apart from Celery: a parcel in, one outcome for each of its jobs out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inference_worker.classify import classify
from inference_worker.engine import Engine
from inference_worker.engines import engines
from inference_worker.gradcam import LayerWithoutMap, gradcam
from inference_worker.grids import packed
from inference_worker.preprocessing import Picture
from inference_worker.reading import read_input
from inference_worker.suspects import Hold
from jobcontract.messages import (
    ClassifySmear,
    ExplainPrediction,
    Explanation,
    Message,
    ModelReference,
    Outcome,
    Parcel,
    Ticket,
)
from jobcontract.presence import name_of
from jobcontract.processes import ends_when_it_hangs
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import read_shared


def classified(parcel: Parcel) -> list[Outcome]:
    """Classify every picture of a parcel with the model that it names."""
    asked = ModelReference.from_json(parcel.shared)
    engine = engines().get(asked)
    files = [ClassifySmear.from_json(body).image for body in parcel.bodies]
    facts = engine.facts.at(decision=asked.decision, abstain=asked.abstain)
    hold = Hold(parcel.id, size=len(files))
    with ends_when_it_hangs(2 * parcel.silence):
        return _outcomes(parcel.tickets, classify(engine, files, facts=facts, hold=hold))


def proved(parcel: Parcel) -> list[Outcome]:
    """Classify like any other parcel, and say by whom: this child's main process."""
    worker = name_of(os.getppid())
    return [replace(one, body=one.body | {"worker": worker}) for one in classified(parcel)]


def explained(parcel: Parcel) -> list[Outcome]:
    """Compute every heatmap that a parcel asks for."""
    engine = engines().get(ModelReference.from_json(parcel.shared))
    asked = [ExplainPrediction.from_json(body) for body in parcel.bodies]
    return _outcomes(parcel.tickets, [_explanation_or_failure(engine, one) for one in asked])


def _explanation_or_failure(engine: Engine, asked: ExplainPrediction) -> Explanation | WorkFailed:
    try:
        return explanation(engine, asked)
    except WorkFailed as failure:
        return failure


def explanation(engine: Engine, asked: ExplainPrediction) -> Explanation:
    """Return the heatmap for one class on one layer, by gradient.

    Raises:
        WorkFailed: the picture is bad, or method, class or layer are unknown.
    """
    if asked.method != "gradcam":
        raise WorkFailed("unknown_method", "Only the method gradcam is known.")
    if asked.label not in engine.facts.codes:
        raise WorkFailed("unknown_class", "The model does not have this class.")
    picture = read_input(engine.facts, asked.image, read=read_shared)
    layer, index = asked.layer or engine.grid_layer, engine.facts.codes.index(asked.label)
    try:
        grid = _grid(engine, picture, class_index=index, layer=layer)
    except LayerWithoutMap as error:
        raise WorkFailed("unknown_layer", "The model has no such layer with a map.") from error
    return Explanation(
        label=asked.label,
        layer=layer,
        method=engine.explained_by,
        grid=packed(grid),
        grid_shape=grid.shape,
    )


def _grid(engine: Engine, picture: Picture, *, class_index: int, layer: str) -> NDArray[np.float32]:
    if layer == engine.grid_layer and engine.explained_by == "occlusion":
        return engine.occluded(picture, class_index)
    return gradcam(engine.model, picture, class_index=class_index, layer=layer)


def _outcomes(tickets: Iterable[Ticket], results: Iterable[Message | WorkFailed]) -> list[Outcome]:
    return [_outcome(ticket, result) for ticket, result in zip(tickets, results, strict=True)]


def _outcome(ticket: Ticket, result: Message | WorkFailed) -> Outcome:
    if isinstance(result, WorkFailed):
        return Outcome(
            job=ticket.job,
            attempt=ticket.attempt,
            ok=False,
            code=result.code,
            detail=result.detail,
            transient=result.transient,
        )
    return Outcome(job=ticket.job, attempt=ticket.attempt, ok=True, body=result.to_json())
