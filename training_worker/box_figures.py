"""How well the boxes that a network says agree with people's, or with those of `regions`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_worker.engine import Engine
from inference_worker.marking import MARKERS, Boxes, marked
from training_worker.answering import BATCH
from training_worker.boxes import LEAST_RANKED, box_metrics, cornered, true_boxes
from training_worker.samples import Sample

DRAWN = "people"


def labelled_figures(
    engine: Engine, inputs: NDArray[np.uint8], scored: Sequence[Sample]
) -> dict[str, Any]:
    """Return the agreement with labels beside the pictures, and with regions where one has none."""
    if engine.facts.network not in MARKERS:
        return {}
    true, whose = zip(*(true_boxes(sample) for sample in scored), strict=True)
    return _figures(engine, inputs, true, truth=sorted(set(whose)))


def drawn_figures(
    engine: Engine, inputs: NDArray[np.uint8], drawn: Sequence[Sequence[Sequence[float]]]
) -> dict[str, Any]:
    """Return the agreement with what people drew; a picture without boxes counts nowhere.

    Args:
        inputs: `(n, size, size, 3)`, preprocessed.
        drawn: For each picture its boxes: centre x and y, width and height, as shares.
    """
    bearing = [at for at, boxes in enumerate(drawn) if boxes]
    if engine.facts.network not in MARKERS or not bearing:
        return {}
    return _figures(engine, inputs[bearing], [cornered(drawn[at]) for at in bearing], truth=[DRAWN])


def _figures(
    engine: Engine, inputs: NDArray[np.uint8], true: Sequence[Boxes], *, truth: list[str]
) -> dict[str, Any]:
    parts = [inputs[start : start + BATCH] for start in range(0, len(inputs), BATCH)]
    said = [boxes for part in parts for boxes in marked(engine.model, part, least=LEAST_RANKED)]
    return {"boxes": {"truth": truth, "images": len(true)} | box_metrics(true, said)}
