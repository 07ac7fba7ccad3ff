"""White cells found by a real worker: proposed once, named in a reader's session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks._person import Person
from tests.flow.conftest import Stack

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SECONDS = 120


def test_white_cells_are_found_proposed_and_named(
    stack: Stack, smears: Callable[[int], Path]
) -> None:
    submission = stack.submit(smears(1))
    stack.watch(lambda: submission.is_over, seconds=SECONDS)
    image = f"/api/v1/images/{submission.items[0].image_id}/"
    said = {one["username"]: one["password"] for one in stack.people["logins"]}
    clara = Person(stack.installation.url, "clara", said["clara"])
    status, job = clara.post(f"{image}cells/find/", {})
    assert status == 202

    def found() -> bool:
        now = clara.get(job["url"])[1]
        assert now["error"] is None, now["error"]
        return bool(now["final"])

    stack.watch(found, seconds=SECONDS)
    cells = clara.get(f"{image}cells/")[1]["results"]
    assert cells
    assert {(one["origin"], one["label"], one["by"]) for one in cells} == {("proposed", "", None)}
    assert clara.post(f"{image}cells/find/", {})[1]["id"] == job["id"]
    named = clara.post(f"{image}cells/proposed/", {"label": "pre_b"})[1]["results"]
    assert {(one["origin"], one["label"]) for one in named} == {("corrected", "pre_b")}
