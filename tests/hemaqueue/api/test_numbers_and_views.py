"""The start page's numbers and a person's own filters, by script."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from tests import readings
from tests.people import Script

pytestmark = pytest.mark.django_db


def test_the_numbers_are_those_of_ones_sites(clara: User, otto: User) -> None:
    case = readings.case_ready(by=clara)
    readings.signature(case, by=clara)
    readings.case_ready(by=clara)
    said = Script(clara).get("/api/v1/statistics/?days=7").json()
    assert (said["days"], said["decided_today"], said["signed_today"]) == (7, 2, 1)
    assert said["waiting"]["to_sign"] == 1
    assert said["turnaround"]["cases"] == len(said["by_day"]) == 1
    assert 0 <= said["turnaround"]["median"] < 60
    assert said["agreement"] == [
        {
            "model": "smearnet-synthetic-1",
            "suggested": "early_pre_b",
            "n": 2,
            "agreed": 2,
            "weighted": 1.0,
            "drawn": 0,
        }
    ]
    theirs = Script(otto).get("/api/v1/statistics/").json()
    assert (theirs["signed_today"], theirs["agreement"], theirs["turnaround"]) == (0, [], None)


def test_who_decides_nowhere_has_nothing_waiting(tessa: User) -> None:
    assert Script(tessa).get("/api/v1/statistics/").json()["waiting"] is None


@pytest.mark.parametrize("days", ["0", "-1", "367", "many", "1e2", "9999"])
def test_a_window_that_means_nothing_is_refused(days: str, clara: User) -> None:
    answer = Script(clara).get(f"/api/v1/statistics/?days={days}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "days")


def test_a_filter_is_kept_renamed_and_deleted(tessa: User, clara: User) -> None:
    script, views = Script(tessa), "/api/v1/views/"
    made = script.post(views, {"page": "history", "name": "Failed", "query": "?x=&status=failed"})
    assert made.status_code == 201
    again = script.post(views, {"page": "history", "name": "Failed", "query": "status=failed"})
    assert again.json()["query"] == "status=failed"
    assert again.json()["id"] == made.json()["id"]
    url = made.json()["url"]
    assert Script(clara).patch(url, {"name": "Mine"}).status_code == 404
    assert script.patch(url, {"name": "Broken"}).json()["name"] == "Broken"
    assert [one["name"] for one in script.get(f"{views}?page=history").json()["results"]] == [
        "Broken"
    ]
    assert script.get(f"{views}?page=worklist").json()["results"] == []
    assert script.get(f"{views}?page=nowhere").status_code == 400
    assert script.post(views, {"page": "nowhere", "name": "A"}).status_code == 400
    assert script.delete(url).status_code == 204
    assert script.get(views).json()["results"] == []


def test_a_name_that_is_taken_is_told(tessa: User) -> None:
    script, views = Script(tessa), "/api/v1/views/"
    script.post(views, {"page": "history", "name": "A", "query": "q=1"})
    other = script.post(views, {"page": "history", "name": "B", "query": "q=2"}).json()["url"]
    answer = script.patch(other, {"name": "A"})
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
