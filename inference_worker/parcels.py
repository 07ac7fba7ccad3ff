"""What the tasks do, apart from Celery: a parcel in, one outcome for each of its jobs out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inference_worker.classify import classify
from inference_worker.engine import Engine
from inference_worker.engines import engines
from inference_worker.gradcam import GRID_LAYER, LayerWithoutMap, gradcam
from inference_worker.grids import packed
from inference_worker.locating import cells_found
from inference_worker.occlusion import LAYER
from inference_worker.preprocessing import Picture
from inference_worker.reading import read_input, read_picture
from inference_worker.suspects import Hold
from jobcontract.locating import FoundCells, LocateCells
from jobcontract.messages import (
    ClassifySmear,
    ExplainPrediction,
    Explanation,
    Message,
    ModelReference,
    Outcome,
    Parcel,
    SealedFile,
    Ticket,
)
from jobcontract.names import Method
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
    return _outcomes(
        parcel.tickets, [_or_failure(partial(explanation, engine, one)) for one in asked]
    )


def located(parcel: Parcel) -> list[Outcome]:
    """Find the white cells of every picture of a parcel."""
    files = [LocateCells.from_json(body).image for body in parcel.bodies]
    return _outcomes(parcel.tickets, [_or_failure(partial(_cells, file)) for file in files])


def _cells(file: SealedFile) -> FoundCells:
    return cells_found(read_picture(file, read=read_shared))


def _or_failure(result: Callable[[], Message]) -> Message | WorkFailed:
    try:
        return result()
    except WorkFailed as failure:
        return failure


def explanation(engine: Engine, asked: ExplainPrediction) -> Explanation:
    """Return the heatmap for one class: by gradient on one layer, or by occlusion.

    Raises:
        WorkFailed: the picture is bad, or method, class or layer are unknown.
    """
    if asked.method not in (Method.GRADCAM, Method.OCCLUSION):
        raise WorkFailed("unknown_method", "The methods gradcam and occlusion are known.")
    if asked.label not in engine.facts.codes:
        raise WorkFailed("unknown_class", "The model does not have this class.")
    picture = read_input(engine.facts, asked.image, read=read_shared)
    covering = Method.OCCLUSION in (asked.method, engine.grid_method)
    layer = asked.layer or (LAYER if covering else GRID_LAYER)
    index = engine.facts.codes.index(asked.label)
    try:
        grid = _grid(engine, picture, class_index=index, layer=layer, covering=covering)
    except LayerWithoutMap as error:
        raise WorkFailed("unknown_layer", "The model has no such layer with a map.") from error
    return Explanation(
        label=asked.label,
        layer=layer,
        method=Method.OCCLUSION if covering else Method.GRADCAM,
        grid=packed(grid),
        grid_shape=grid.shape,
    )


def _grid(
    engine: Engine, picture: Picture, *, class_index: int, layer: str, covering: bool
) -> NDArray[np.float32]:
    if not covering:
        return gradcam(engine.model, picture, class_index=class_index, layer=layer)
    if layer != LAYER:
        raise LayerWithoutMap(f"Occlusion knows no layers. Received: {layer!r}")
    return engine.occluded(picture, class_index)


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
