"""What belongs to another site answers exactly like what does not exist."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.audit.models import AuditEvent
from tests import factories

OF_IMAGES = ["image", "image_status", "image_picture", "image_full", "image_thumbnail"]
OF_IMAGES += ["image_heatmap", "image_original"]
OF_CASES = ["case", "case_share", "report_status"]
OF_BATCHES = ["batch", "batch_rows", "batch_add", "batch_refusals"]
POSTED = ["image_decide", "job_retry", "batch_retry", "batch_file", "report_request"]


@pytest.fixture
def foreign(db: None) -> dict[str, uuid.UUID]:
    """Things of Tessa's site, by the first word of their addresses' names."""
    batch = factories.BatchFactory()
    image = factories.image(batch=batch)
    said = factories.prediction(image)
    report = factories.report(image.case, by=factories.clara())
    return {
        "image": image.pk,
        "case": image.case_id,
        "batch": batch.pk,
        "job": said.job_id,
        "report": report.pk,
    }


def _about(name: str, foreign: dict[str, uuid.UUID]) -> uuid.UUID:
    if name in ("report_status", "report_request"):
        return foreign["case"]
    return foreign[name.partition("_")[0]]


@pytest.mark.parametrize("name", [*OF_IMAGES, *OF_CASES, *OF_BATCHES, "report_file"])
def test_reading_gives_the_same_404(name: str, otto: Client, foreign: dict[str, uuid.UUID]) -> None:
    theirs = otto.get(reverse(name, args=[_about(name, foreign)]))
    nothing = otto.get(reverse(name, args=[uuid.uuid4()]))
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content


@pytest.mark.parametrize("name", POSTED)
def test_writing_gives_the_same_404(name: str, otto: Client, foreign: dict[str, uuid.UUID]) -> None:
    theirs = otto.post(reverse(name, args=[_about(name, foreign)]))
    nothing = otto.post(reverse(name, args=[uuid.uuid4()]))
    assert theirs.status_code == nothing.status_code == 404


def test_lists_and_counts_know_nothing_of_them(otto: Client, foreign: dict[str, uuid.UUID]) -> None:
    for name in ("home", "history", "worklist", "status"):
        page = otto.get(reverse(name)).content.decode()
        assert str(foreign["image"]) not in page
        assert "BM-26-" not in page
    assert "<b>0</b>Needs attention" in otto.get("/").content.decode()


def test_the_attempt_leaves_an_event(otto: Client, foreign: dict[str, uuid.UUID]) -> None:
    otto.get(reverse("image", args=[foreign["image"]]))
    event = AuditEvent.objects.filter(outcome="denied").latest("id")
    assert event.action == "page.image"
    assert event.object_id == str(foreign["image"])
    assert event.actor is not None
    assert event.actor.username == "otto"
