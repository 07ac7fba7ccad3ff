"""The evidence for a class by a second method, drawn by a real worker, by script alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flow.conftest import Stack

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SECONDS = 120


def test_a_picture_is_explained_by_occlusion_once_beside_the_map_that_came(
    stack: Stack, smears: Callable[[int], Path]
) -> None:
    submission = stack.submit(smears(1))
    stack.watch(lambda: submission.is_over, seconds=SECONDS)
    item = submission.items[0]
    assert item.label, item.error
    image = f"/api/v1/images/{item.image_id}/"
    wanted = {"label": item.label, "method": "occlusion"}
    status, job = stack.client.post(f"{image}explanations/", wanted)
    assert status == 202

    def drawn() -> bool:
        now = stack.client.get(job["url"])[1]
        assert now["error"] is None, now["error"]
        return bool(now["final"])

    stack.watch(drawn, seconds=SECONDS)
    again = stack.client.post(f"{image}explanations/", wanted)
    assert (again[0], again[1]["id"]) == (200, job["id"])
    kept = stack.rows(
        "SELECT method, layer, rows FROM predictions_heatmap WHERE prediction_id = "
        "(SELECT id FROM predictions_prediction WHERE image_id = %s) ORDER BY id",
        item.image_id,
    )
    assert kept == [("cam", "features", kept[0][2]), ("occlusion", "occlusion", 6)]
