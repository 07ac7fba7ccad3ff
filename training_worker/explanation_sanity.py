"""Do the heatmaps explain the version? They are held beside those of weights drawn anew.

Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018: a map that hardly changes when
the weights are drawn at random shows the picture, and not what the network makes of it. They are
drawn from the values of their own array, so that their spread stays what it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from inference_worker.engine import Engine, at_once
from inference_worker.gradcam import ClassMaps, class_maps
from inference_worker.networks import HEADS
from jobcontract.names import Method
from training_worker.answering import answers_for_inputs
from training_worker.intervals import interval
from training_worker.shifts import STAIN_STRENGTHS, shifted, stain_shift

SAMPLE = 24
DRAWS = 5
"""One draw of a head alone is as like the true one as luck has it."""

Pictures = NDArray[np.uint8]
Maps = NDArray[np.float32]
Likeness = NDArray[np.float64]


def explanation_sanity(
    engine: Engine, inputs: Pictures, *, groups: Sequence[str]
) -> dict[str, Any]:
    """Return how alike the maps of at most SAMPLE pictures stay when something is changed.

    Each row has the mean of Spearman's rank correlation over the pictures, its interval, of how
    many pictures it is, and the mean of each draw. A map is that of the class which the version
    names unchanged.

    Args:
        engine: The bundle as it serves.
        inputs: Preprocessed pictures of shape `(n, size, size, 3)`.
        groups: Their groups.
    """
    if engine.grid_method is Method.OCCLUSION:
        return {"skipped": Method.OCCLUSION.value}
    chosen = np.random.default_rng(0).permutation(len(inputs))[:SAMPLE]
    pictures, drawn_from = inputs[chosen], [groups[index] for index in chosen.tolist()]
    restained = np.stack(shifted(pictures, stain_shift(STAIN_STRENGTHS[0])))
    named = answers_for_inputs(engine, pictures).named
    maps = class_maps(engine.model)
    own = _in_batches(maps, pictures, named)
    found = defaultdict(list, stain_shift=[likeness(own, _in_batches(maps, restained, named))])
    for name in _drawn_anew(engine.model):
        found[name].append(likeness(own, _in_batches(maps, pictures, named)))
    return {"method": engine.grid_method.value} | {
        name: _row(np.stack(draws), groups=drawn_from) for name, draws in found.items()
    }


def _drawn_anew(model: keras.Model) -> Iterator[str]:
    """Give the network another head, then other weights throughout, DRAWS times; then its own.

    What serves is frozen and does not see it.
    """
    own = model.get_weights()
    heads = [one.path.split("/")[-2] in HEADS for one in model.weights]
    try:
        for seed in range(DRAWS):
            random = np.random.default_rng(seed)
            drawn = [random.permuted(values) for values in own]
            pairs = zip(heads, drawn, own, strict=True)
            model.set_weights([new if head else old for head, new, old in pairs])
            yield "head_redrawn"
            model.set_weights(drawn)
            yield "redrawn"
    finally:
        model.set_weights(own)


def _in_batches(maps: ClassMaps, pictures: Pictures, named: NDArray[np.int64]) -> Maps:
    size = at_once(pictures.shape[1])
    starts = range(0, len(pictures), size)
    return np.concatenate([maps(pictures[i : i + size], named[i : i + size]) for i in starts])


def likeness(maps: Maps, others: Maps) -> Likeness:
    """Return Spearman's rank correlation of each pair; not a number where a map is even."""
    one, other = (rankdata(some.reshape(len(some), -1), axis=1) for some in (maps, others))
    one, other = (ranks - ranks.mean(1, keepdims=True) for ranks in (one, other))
    spread = np.sqrt((one**2).sum(1) * (other**2).sum(1))
    nothing = np.full(len(maps), np.nan)
    return np.divide((one * other).sum(1), spread, out=nothing, where=spread > 0)


def _row(draws: Likeness, *, groups: Sequence[str]) -> dict[str, Any]:
    """Return the figures of `draws`, of shape `(draws, pictures)`; even maps count nowhere."""
    told = np.flatnonzero(~np.isnan(draws).all(0))
    if not len(told):
        return {"correlation": None, "interval": None, "n": 0, "draws": []}
    values = np.nanmean(draws[:, told], axis=0)
    bounds = interval(
        lambda i: float(values[i].mean()), groups=[groups[one] for one in told.tolist()]
    )
    return {
        "correlation": float(values.mean()),
        "interval": bounds,
        "n": len(told),
        "draws": [float(np.nanmean(draw)) for draw in draws if not np.isnan(draw).all()],
    }
