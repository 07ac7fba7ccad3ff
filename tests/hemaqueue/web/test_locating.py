"""Having white cells found from the page: asked once, watched, and told what became of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.locating import cells_located
from hemaqueue.reviews.models import LocatedCell
from hemaqueue.specimens.models import SmearImage
from jobcontract.locating import FoundCell, FoundCells
from jobcontract.messages import Outcome
from jobcontract.names import Work
from tests import factories, readings

HTMX = {"HX-Request": "true"}
CELL = FoundCell(
    left=0.1, top=0.2, width=0.2, height=0.2, area=0.02, nucleus_share=0.7, roundness=0.8
)


@pytest.fixture
def image(db: None) -> SmearImage:
    return factories.image(microns_per_pixel=0.1)


def ask(clara: Client, image: SmearImage) -> str:
    answer = clara.post(reverse("image_cells_find", args=[image.pk]), headers=HTMX)
    return answer.content.decode()


def ends(state: str, *cells: FoundCell, code: str = "") -> None:
    """Let the work end as a worker's news would."""
    job = Job.objects.get(work=Work.LOCATE_CELLS)
    now = factories.timezone.now()
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=now, error_code=code)
    if state == JobState.SUCCEEDED:
        body = json.loads(json.dumps(FoundCells(cells=cells).to_json()))
        cells_located([(job, Outcome(job=str(job.pk), attempt=1, ok=True, body=body))])


def test_cells_are_asked_for_once_and_watched_until_they_are_there(
    clara: Client, image: SmearImage
) -> None:
    page = reverse("image", args=[image.pk])
    assert "Find white cells" in clara.get(page).content.decode()
    address = reverse("image_cells_find", args=[image.pk])
    for _ in range(2):
        assert f'hx-get="{address}"' in ask(clara, image)
    assert clara.get(address, headers=HTMX).status_code == 204
    ends(JobState.SUCCEEDED, CELL)
    shown = clara.get(address, headers=HTMX).content.decode()
    assert "One white cell is proposed" in shown
    area = round(0.02 * image.width * image.height * 0.1**2)
    assert f"nucleus 70 % of the cell · roundness 0.80 · {area} µm²" in shown
    assert "Find white cells" not in shown
    assert "Find white cells" not in ask(clara, image)
    assert Job.objects.filter(work=Work.LOCATE_CELLS).count() == 1


def test_a_page_without_script_says_what_goes_on(clara: Client, image: SmearImage) -> None:
    clara.post(reverse("image_cells_find", args=[image.pk]))
    assert (
        "Looking for white cells" in clara.get(reverse("image", args=[image.pk])).content.decode()
    )


def test_an_empty_field_is_told(clara: Client, image: SmearImage) -> None:
    ask(clara, image)
    ends(JobState.SUCCEEDED)
    assert "No white cell was found" in ask(clara, image)


def test_what_failed_is_told_and_asked_again(clara: Client, image: SmearImage) -> None:
    ask(clara, image)
    ends(JobState.FAILED, code="file_damaged")
    shown = clara.get(reverse("image", args=[image.pk])).content.decode()
    assert "failed (file_damaged)" in shown
    assert "Find white cells" in shown
    assert "Looking for white cells" in ask(clara, image)
    assert Job.objects.get(work=Work.LOCATE_CELLS).state == JobState.QUEUED


def test_all_that_are_proposed_are_named_at_once(clara: Client, image: SmearImage) -> None:
    ask(clara, image)
    ends(JobState.SUCCEEDED, CELL)
    address = reverse("image_proposed", args=[image.pk])
    refused = clara.post(address, {"label": ""}, headers=HTMX)
    assert (refused.status_code, "Choose the class" in refused.content.decode()) == (422, True)
    clara.post(address, {"label": "pre_b"}, headers=HTMX)
    assert LocatedCell.objects.get().label == "pre_b"


def test_naming_one_on_the_page_keeps_what_was_measured(clara: Client, image: SmearImage) -> None:
    ask(clara, image)
    ends(JobState.SUCCEEDED, replace(CELL, left=1 / 3))
    cell = LocatedCell.objects.get()
    form = {"version": 1, "label": "pro_b", "left": "0.33333", "top": "0.20000"}
    address = reverse("image_cell", args=[image.pk, cell.pk])
    clara.post(address, form | {"width": "0.20000", "height": "0.20000"}, headers=HTMX)
    cell.refresh_from_db()
    assert (cell.label, cell.nucleus_share) == ("pro_b", 0.7)


def test_nothing_is_offered_to_who_reads_blind_or_of_a_single_cell(
    clara: Client, image: SmearImage
) -> None:
    single = factories.image(kind="cell")
    for one in (single, image):
        if one is image:
            readings.reads_blind(image.site)
        shown = clara.get(reverse("image", args=[one.pk])).content.decode()
        assert "Find white cells" not in shown
    assert "Record your own first read" in ask(clara, image)
