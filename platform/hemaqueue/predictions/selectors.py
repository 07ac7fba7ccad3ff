"""Reading results."""

from __future__ import annotations

import math
from collections.abc import Iterable
from uuid import UUID

import numpy as np
from django.db.models import Case, QuerySet, Subquery, When
from numpy.typing import NDArray

from hemaqueue.predictions.models import Heatmap, Prediction
from hemaqueue.specimens.models import SmearImage

#: Below, a confidence is called low; from the second on, high.
BANDS = ((0.7, "low"), (0.9, "moderate"))


def confidence_word(confidence: float) -> str:
    """Return low, moderate or high: the word that stands before the number."""
    return next((word for limit, word in BANDS if confidence < limit), "high")


def band_limits(word: str) -> tuple[float, float]:
    """Return from which confidence, and below which, `word` is said."""
    edges = [0.0, *(limit for limit, _word in BANDS), math.inf]
    at = [*(name for _limit, name in BANDS), "high"].index(word)
    return edges[at], edges[at + 1]


def predictions_latest(images: Iterable[UUID]) -> dict[UUID, Prediction]:
    """Return the newest prediction of each image: two queries for a whole page."""
    found = Prediction.objects.filter(image__in=list(images)).order_by(
        "image", "-created_at", "-pk"
    )
    newest = (
        found.distinct("image").select_related("model", "point").prefetch_related("class_scores")
    )
    return {prediction.image_id: prediction for prediction in newest}


def prediction_of(image: SmearImage) -> Prediction | None:
    """Return what was last said of `image`, or None while nothing was."""
    return predictions_latest([image.pk]).get(image.pk)


def heatmap_of(
    prediction: Prediction, *, label: str = "", method: str = "", layer: str = ""
) -> Heatmap | None:
    """Return the heatmap for `label`, or for the predicted class when none is named.

    Where no layer is named, that of the map which came with the result goes before others.
    """
    named = {"method": method, "layer": layer}
    found: QuerySet[Heatmap] = Heatmap.objects.filter(
        prediction=prediction,
        label=label or prediction.label,
        **{name: value for name, value in named.items() if value},
    )
    came = Heatmap.objects.filter(prediction=prediction).order_by("pk").values("layer")[:1]
    return found.order_by(Case(When(layer=Subquery(came), then=0), default=1), "pk").first()


def heatmap_grid(heatmap: Heatmap) -> NDArray[np.float32]:
    """Return the grid as an array of shape `(rows, columns)`."""
    flat = np.frombuffer(bytes(heatmap.grid), dtype=np.float16)
    return flat.reshape(heatmap.rows, heatmap.columns).astype(np.float32)
