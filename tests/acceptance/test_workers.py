"""Script 3: a worker dies in the middle of a batch."""

from __future__ import annotations

import os
import signal
from time import monotonic

import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.chaos]

IMAGES = 24
#: Presence is heard every ten seconds, and the limit of silence of this system is five.
BANNER_SECONDS = 60


def test_a_batch_whose_worker_died_says_so_and_ends_with_every_result(
    hospital: Hospital, window: OpenWindow
) -> None:
    page = window("tessa")
    supervisor = hospital.stack.installation.supervisor
    inference = supervisor.processes()["inference"]
    os.killpg(inference, signal.SIGSTOP)
    _, batch = hospital.client.post("/api/v1/batches/", {"name": "Killed in the middle"})
    files = [
        file for label in ("Benign", "Early", "Pre", "Pro") for file in hospital.draw(label, 6)
    ]
    images = hospital.send(files, accession=hospital.accession(), batch=str(batch["id"]))
    stopped = monotonic()
    page.goto(f"/batches/{batch['id']}/")

    expect(page.get_by_text("Processing is paused, your images are safe").first).to_be_visible(
        timeout=BANNER_SECONDS * 1000
    )
    assert monotonic() - stopped < BANNER_SECONDS

    os.killpg(inference, signal.SIGKILL)
    hospital.wait_for(images)

    expect(page.get_by_text(f"{IMAGES} done").first).to_be_visible()
    expect(page.get_by_text("Processing is paused")).to_have_count(0)
    ids = [str(image) for image in images]
    [(results, distinct)] = hospital.rows(
        "SELECT count(*), count(DISTINCT image_id) FROM predictions_prediction"
        " WHERE image_id = ANY(%s::uuid[])",
        ids,
    )
    assert (results, distinct) == (IMAGES, IMAGES)
