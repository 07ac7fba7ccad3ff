"""The start page of each role: what waits, how long it takes, what failed, and no stranger's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from hemaqueue.accounts.models import User
from hemaqueue.jobs.states import JobState
from hemaqueue.reviews.models import ConfirmedLabel, Return
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.numbers import duration
from hemaqueue.web.shown.plots import bar, share_row, span
from tests import factories, readings


def tiles(browser: Client) -> dict[str, str]:
    groups = browser.get("/").context["numbers"].groups
    return {tile.word: tile.number for _title, group in groups for tile in group}


def test_a_technician_sees_today_and_what_came_back(tessa: Client) -> None:
    factories.prediction(factories.image())
    failed = factories.image()
    factories.job(about=failed, state=JobState.FAILED, error_code="worker_lost")
    factories.job(about=factories.image())
    returned = factories.image()
    factories.prediction(returned)
    Return.objects.create(image=returned, by=factories.clara(), reason="poor_focus", note="Soft.")
    found = tiles(tessa)
    assert found["You sent today"] == "4"
    assert (found["Done"], found["Waiting or in work"], found["Failed"]) == ("2", "1", "1")
    assert found["Sent back"] == "1"
    needing = tessa.get("/").context["home"].needing
    assert [row.id for row in needing] == [failed.pk]


def test_a_running_batch_is_shown_until_it_ends(tessa: Client) -> None:
    batch = factories.BatchFactory(name="Morning slides")
    job = factories.job(about=factories.image(batch=batch))
    assert "Morning slides" in tessa.get("/").content.decode()
    type(job).objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=timezone.now())
    assert tessa.get("/").context["numbers"].batches == []


def test_a_reader_sees_lanes_turnaround_and_agreement(clara: Client) -> None:
    reader = User.objects.get(username="clara")
    factories.prediction(factories.image())
    case = readings.case_ready(by=reader)
    readings.signature(case, by=reader)
    SmearImage.objects.filter(case=case).update(uploaded_at=timezone.now() - timedelta(hours=5))
    shown = clara.get("/").context["home"]
    assert tiles(clara)["Signed today"] == "1"
    (plot,) = shown.plots
    assert plot.rows == [[plot.rows[0][0], "1", "5.0 h", "5.0 h"]]
    assert sum(bool(column.marks) for column in plot.columns) == 1
    (agreement,) = shown.agreements
    assert (agreement.rows[0].share, agreement.rows[0].count) == ("100.0 %", "1")
    assert "20.7 %" in agreement.rows[0].interval
    ConfirmedLabel.objects.update(read_because="audit", probability=0.05)
    (agreement,) = clara.get("/").context["home"].agreements
    assert agreement.rows[0].weighted == "100.0 %"
    assert agreement.rows[0].worth == "20.7 % to 100.0 %, 1 drawn"
    assert "one of 20 cases of the clear lane is drawn" in agreement.caption
    assert agreement.rows[0].worth in clara.get("/").content.decode()


def test_an_administrator_sees_the_queue_and_the_causes(adam: Client, worker: Any) -> None:
    factories.job(about=factories.image())
    for code in ("worker_lost", "worker_lost", "silent"):
        factories.job(about=factories.image(), state=JobState.FAILED, error_code=code)
    factories.prediction(factories.image())
    found = tiles(adam)
    assert (found["Images waiting"], found["Failed today"]) == ("1", "3")
    assert found["Workers · processes"] == "1 · 1"
    assert found["Images a minute"] == "0.1"
    home = adam.get("/").context["home"]
    assert [(one.code, one.count) for one in home.failures] == [
        ("worker_lost", "2"),
        ("silent", "1"),
    ]
    assert [plot.id for plot in home.plots] == ["throughput"]


def test_agreement_stands_by_model_version(adam: Client) -> None:
    readings.case_ready(by=factories.clara())
    other = factories.ModelVersionFactory(name="older", status="retired")
    readings.case_ready(by=factories.clara())
    ConfirmedLabel.objects.filter(pk=ConfirmedLabel.objects.first().pk).update(model=other)
    (agreement,) = adam.get("/").context["home"].agreements
    assert [row.word for row in agreement.rows] == ["All", "older", "smearnet-synthetic-1"]


def test_an_outsider_sees_none_of_it(otto: Client, clara: Client) -> None:
    readings.case_ready(by=User.objects.get(username="clara"))
    factories.prediction(factories.image())
    home = otto.get("/").context["home"]
    assert (home.worklist, home.plots, home.agreements, home.recent) == ([], [], [], [])
    assert tiles(otto)["Needs attention"] == "0"


def test_the_poll_brings_numbers_and_no_patient(clara: Client) -> None:
    factories.prediction(factories.image(case=factories.CaseFactory(accession="SECRET-1")))
    shown = clara.get(reverse("home_numbers")).content.decode()
    assert "Needs attention" in shown
    assert "SECRET-1" not in shown


@pytest.mark.parametrize("name", ["tessa", "clara", "adam"])
def test_the_page_costs_the_same_for_few_and_for_many(
    name: str, request: pytest.FixtureRequest, django_assert_max_num_queries: Any
) -> None:
    browser: Client = request.getfixturevalue(name)
    for _ in range(12):
        factories.prediction(factories.image())
        readings.case_ready(by=factories.clara())
    with django_assert_max_num_queries(64):
        browser.get("/")


@pytest.mark.parametrize(
    ("took", "words"),
    [
        (timedelta(seconds=-4), "0 s"),
        (timedelta(seconds=72), "72 s"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=3, minutes=24), "3.4 h"),
        (timedelta(days=3), "3.0 d"),
    ],
)
def test_a_time_span_has_one_unit(took: timedelta, words: str) -> None:
    assert duration(took) == words


def test_marks_stay_inside_and_use_points_whatever_the_language() -> None:
    with translation.override("fr"):
        row = share_row("All", agreed=5, n=5, weighted="–", worth="")
        marks = [*bar(3, most=9), *span(0.0, 4.0, most=4.0), *row.marks]
    for mark in marks:
        assert 0 <= float(mark.x) <= 100
        assert 0 <= float(mark.y) <= 100
        assert float(mark.x) + float(mark.width) <= 101
    assert bar(0, most=9) == []
    assert row.share == "100,0\N{NO-BREAK SPACE}%"
