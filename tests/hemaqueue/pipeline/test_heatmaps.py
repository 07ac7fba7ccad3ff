"""A heatmap is kept under the method by which the worker drew it."""

from __future__ import annotations

import base64

import pytest

from hemaqueue.predictions.selectors import heatmap_of
from hemaqueue.predictions.services import heatmap_record, predictions_record
from jobcontract.messages import Classification, Explanation
from tests import factories

pytestmark = pytest.mark.django_db

GRID = base64.b64encode(bytes(2 * 4)).decode()


def said(**more: str) -> Classification:
    answer = {"label": "pro_b", "scores": {"pro_b": 1.0}, "confidence": 1.0, "malignant": 1.0,
              "grid": GRID, "grid_shape": [2, 2]}  # fmt: skip
    return Classification.from_json(answer | more)


@pytest.mark.parametrize("method", ["cam", "gradcam", "occlusion"])
def test_the_method_is_the_workers(method: str) -> None:
    image = factories.image()
    (prediction,) = predictions_record(
        [(factories.job(about=image), said(method=method, layer="last"))]
    )
    came = prediction.heatmaps.get()
    assert came.method == method
    asked = Explanation(
        label="pro_b", layer="early", method="gradcam", grid=GRID, grid_shape=(2, 2)
    )
    heatmap_record(prediction, said=asked)
    assert heatmap_of(prediction) == came, "an answer of another layer does not displace it"


def test_an_older_worker_names_no_method() -> None:
    (prediction,) = predictions_record([(factories.job(about=factories.image()), said())])
    assert prediction.heatmaps.get().method == "cam"
