"""The batch page: the same numbers for everybody, rows that change in place, one act for all."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.jobs.models import WorkerPresence
from hemaqueue.jobs.states import JobState
from hemaqueue.specimens.batches import file_refused
from hemaqueue.specimens.models import Batch
from tests import factories


@pytest.fixture
def batch(worker: WorkerPresence) -> Batch:
    """Two done, one of them doubtful; one failed, one waiting, one refused."""
    made: Batch = factories.BatchFactory()
    states: list[tuple[str, ...] | None] = [(), ("uncertain",), None, None]
    images = [factories.image(batch=made, filename=f"f{n}.png") for n in range(len(states))]
    factories.prediction(images[0])
    factories.prediction(images[1], flags=("uncertain",))
    factories.job(about=images[2], state=JobState.FAILED, error_code="worker_lost")
    factories.job(about=images[3])
    file_refused(made, name="=cmd.pdf", code="unsupported_type", detail="This is a PDF.")
    return made


def test_the_numbers_are_those_of_the_records(tessa: Client, batch: Batch) -> None:
    shown = tessa.get(reverse("batch", args=[batch.pk])).content.decode()
    for words in ("2 done", "1 waiting", "1 failed", "1 refused", "1 to check first"):
        assert words in shown, words
    assert "You can close this page; the work goes on." in shown


def test_a_second_person_sees_the_same(tessa: Client, clara: Client, batch: Batch) -> None:
    address = reverse("batch_rows", args=[batch.pk])
    one, two = tessa.get(address).context["batch"], clara.get(address).context["batch"]
    assert [chip.word for chip in one.chips] == [chip.word for chip in two.chips]


def test_the_page_polls_until_everything_has_ended(tessa: Client, batch: Batch) -> None:
    assert "hx-trigger" in tessa.get(reverse("batch", args=[batch.pk])).content.decode()
    done: Batch = factories.BatchFactory()
    factories.prediction(factories.image(batch=done))
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Batch.objects.filter(pk=done.pk).update(created_at=long_ago)
    done.images.update(uploaded_at=long_ago)
    shown = tessa.get(reverse("batch", args=[done.pk])).content.decode()
    assert "hx-trigger" not in shown
    assert "Everything in this batch has ended." in shown


def test_a_poll_brings_the_rows_that_changed(tessa: Client, batch: Batch) -> None:
    answer = tessa.get(
        reverse("batch_rows", args=[batch.pk]), {"since": "2020-01-01T00:00:00+00:00"}
    )
    shown = answer.content.decode()
    assert shown.count('hx-swap-oob="true"') == 4


def test_a_poll_without_news_is_empty(tessa: Client, batch: Batch) -> None:
    mark = tessa.get(reverse("batch", args=[batch.pk])).context["batch"].mark
    query = {"since": "2100-01-01T00:00:00+00:00", "mark": mark}
    assert tessa.get(reverse("batch_rows", args=[batch.pk]), query).status_code == 204


def test_files_that_arrive_later_are_announced_not_pushed_in(tessa: Client, batch: Batch) -> None:
    factories.job(about=factories.image(batch=batch))
    answer = tessa.get(reverse("batch_rows", args=[batch.pk]), {"seen": "4"})
    assert "1 more file arrived, show it" in answer.content.decode()


def test_all_that_failed_is_tried_again_by_one_act(tessa: Client, batch: Batch) -> None:
    answer = tessa.post(reverse("batch_retry", args=[batch.pk]), follow=True)
    shown = answer.content.decode()
    assert "1 image waits again." in shown
    assert "2 waiting" in shown


def test_the_refused_list_cannot_run_in_a_spreadsheet(tessa: Client, batch: Batch) -> None:
    answer = tessa.get(reverse("batch_refusals", args=[batch.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[1] == ["'=cmd.pdf", "unsupported_type", "This is a PDF."]
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_paused_batch_says_so(tessa: Client, batch: Batch, worker: WorkerPresence) -> None:
    worker.delete()
    shown = tessa.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Processing is paused, your images are safe" in shown
    assert "1 paused" in shown


def test_duplicates_have_their_own_number_name_and_case(tessa: Client, batch: Batch) -> None:
    twin = factories.image()
    sent = {"code": "duplicate", "detail": "It is here already.", "duplicate_of": twin}
    file_refused(batch, name="again.png", **sent)
    answer = tessa.get(reverse("batch", args=[batch.pk]))
    shown = answer.content.decode()
    for words in ("1 already here", "1 refused", "6 files", "again.png", twin.case.accession):
        assert words in shown, words
    assert "1 already here" in tessa.get(answer.context["batch"].rows_url).content.decode()
    assert reverse("image", args=[twin.pk]) in shown


def test_nothing_goes_on_where_nothing_runs(tessa: Client, worker: WorkerPresence) -> None:
    made: Batch = factories.BatchFactory()
    file_refused(made, name="letter.png", code="unsupported_type", detail="This is a PDF.")
    shown = tessa.get(reverse("batch", args=[made.pk])).content.decode()
    assert "the work goes on" not in shown
