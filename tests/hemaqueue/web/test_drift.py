"""What a version does live stands on its page, and in the interface."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from hemaqueue.registry.models import ModelStatus, ModelVersion
from tests import factories, judging, live
from tests.people import Script


def since(weeks: int) -> ModelVersion:
    made: ModelVersion = factories.ModelVersionFactory()
    live.serves_since(made, live.noon(live.week(weeks + 1), day=6))
    return made


def page(client: Client, version: ModelVersion) -> str:
    html = client.get(reverse("model", args=[version.pk])).content.decode()
    return re.sub(r"\s+", " ", html)


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_weeks_stand_beside_the_baseline_with_their_bands(tessa: Client) -> None:
    version = since(2)
    live.counted(version, 2)
    live.counted(version, 1, uncertain=60, confidence=0.87)
    html = page(tessa, version)
    assert "weeks from" in text(html)
    assert 'chip s-failed" title="Far from the baseline"' in html
    assert 'chip s-attention" title="Away from the baseline"' in html
    assert "30.0 %" in text(html)
    assert "Week by week" in text(html)
    assert html.count('<polyline class="curve') == 4
    places = re.findall(r' id="([^"]+)"', html)
    assert len(places) == len(set(places)), "each place of the page has its own id"


def test_agreement_has_its_interval_and_what_it_rests_on(tessa: Client) -> None:
    version = since(2)
    live.counted(version, 2)
    live.counted(version, 1, drawn=3)
    shown = text(page(tessa, version))
    assert "95.0 % not comparable 91.0 % to 97.3 %, 3 drawn" in shown
    assert "95.0 % baseline 91.0 % to 97.3 %, 0 drawn" in shown


def test_a_first_week_is_drawn_by_nothing_and_names_no_place(tessa: Client) -> None:
    version = since(1)
    kept = judging.evaluation(version)
    live.counted(version, 1, images=20)
    html = page(tessa, version)
    assert reverse("evaluation", args=[kept.pk]) in html
    assert "too few: 20" in text(html)
    assert "Week by week" not in text(html)
    assert factories.SiteFactory().name not in html[html.index("drift-title") :]


def test_an_empty_state_says_when_the_first_week_will_be_there(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    live.serves_since(version, live.noon(live.week(0), day=0))
    day = f"{live.week(-1):%-d %B %Y}"
    assert f"The first week will be here on {day}." in text(page(tessa, version))
    live.serves_since(version, live.noon(live.week(9)))
    live.counted(version, 1, images=0, read=0, agreed=0)
    assert "Nothing came in for this version" in text(page(tessa, version))


def test_a_version_that_never_served_has_no_weeks(tessa: Client) -> None:
    candidate = factories.ModelVersionFactory(name="new", status=ModelStatus.CANDIDATE)
    assert "drift-title" not in page(tessa, candidate)


def test_the_interface_says_the_same(db: None) -> None:
    version = since(2)
    live.counted(version, 2)
    live.counted(version, 1, agreed=100)
    said = Script(factories.tessa()).get(f"/api/v1/models/{version.pk}/drift/").json()
    assert [one["begins"] for one in said["weeks"]] == [str(live.week(1)), str(live.week(2))]
    assert (said["weeks"][0]["band"], said["first_on"]) == ("red", None)
    figure = {one["figure"]: one for one in said["weeks"][0]["figures"]}["agreement"]
    assert (figure["n"], figure["value"], figure["band"], figure["drawn"]) == (200, 0.5, "red", 0)
    assert figure["low"] < 0.5 < figure["high"]
    assert said["weeks"][0]["figures"][0]["low"] is None, "of the class mix there is no interval"
    mix = said["baselines"][0]
    assert (mix["source"], mix["weeks"]) == ("weeks", [str(live.week(2))])
    assert mix["counts"]["benign"] == 80
