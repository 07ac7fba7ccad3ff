"""The page that shows two versions side by side, and its twin in the interface."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.registry.models import ModelVersion
from hemaqueue.web.shown import flips
from tests import factories, judging
from tests.people import Script


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def two() -> tuple[ModelVersion, ModelVersion]:
    candidate = factories.ModelVersionFactory(name="candidate", status="candidate")
    return candidate, factories.ModelVersionFactory()


def judged(sha256: str) -> tuple[ModelVersion, ModelVersion]:
    """Return two versions of which only the second names one image rightly."""
    candidate, serving = two()
    judging.evaluation(candidate, [judging.row(sha256, "benign", "pro_b"), *judging.some_rows()])
    judging.evaluation(serving, [judging.row(sha256, "benign", "benign"), *judging.some_rows()])
    return candidate, serving


def against(one: ModelVersion, other: ModelVersion) -> str:
    return reverse("model_against", args=[one.pk, other.pk])


def test_figures_stand_side_by_side_with_the_test_in_words(tessa: Client) -> None:
    candidate, serving = judged("f" * 64)
    shown = text(tessa.get(against(candidate, serving)).content.decode())
    assert re.search(r"Accuracy 93\.4 % .* 95\.1 % .* -1\.6 ", shown)
    assert "Milliseconds an image, one by one 5.3" in shown
    assert "Named otherwise with the scale bar painted over 5.0 %" in shown
    assert "Named rightly by this version alone: 0. By the other alone: 1." in shown
    assert "p = 1.000" in shown
    assert shown.count("Rows: what people confirmed.") == 2


def test_what_got_worse_is_shown_to_who_may_see_it(tessa: Client, otto: Client) -> None:
    image = factories.image()
    address = against(*judged(image.sha256))
    here = tessa.get(address).content.decode()
    assert "1 got worse" in here
    assert reverse("image", args=[image.pk]) in here
    there = otto.get(address).content.decode()
    assert reverse("image", args=[image.pk]) not in there
    assert image.sha256[:12] in there


def test_one_change_alone_is_listed_whole(tessa: Client) -> None:
    candidate, serving = two()
    judging.evaluation(candidate, judging.some_rows(wrong=14))
    judging.evaluation(serving, judging.some_rows(wrong=0))
    address = against(candidate, serving)
    shown = tessa.get(address).content.decode()
    assert shown.count("judged-picture") == 12
    more = re.search(r'href="([^"]+change=worse)"', shown)
    assert more is not None
    whole = tessa.get(more[1].replace("&amp;", "&")).content.decode()
    assert whole.count("judged-picture") == 14
    assert "Confusion" not in whole


def test_one_change_of_many_images_is_leafed_through(
    tessa: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flips, "AT_ONCE", 10)
    candidate, serving = two()
    judging.evaluation(candidate, judging.some_rows(wrong=14))
    judging.evaluation(serving, judging.some_rows(wrong=0))
    address = against(candidate, serving)
    first = tessa.get(f"{address}?change=worse").content.decode()
    further = re.search(r'rel="next" href="(\?[^"]+)"', first)
    assert further
    rest = tessa.get(address + further[1].replace("&amp;", "&")).content.decode()
    assert [one.count("judged-picture") for one in (first, rest)] == [10, 4]
    assert 'rel="prev"' in rest
    assert 'rel="next"' not in rest


def test_versions_without_common_images_are_refused_with_a_sentence(tessa: Client) -> None:
    answer = tessa.get(against(*two()))
    assert answer.status_code == 409
    assert "were not judged on the same images" in answer.content.decode()


def test_the_model_and_the_decision_lead_there(adam: Client) -> None:
    candidate, serving = judged("f" * 64)
    shown = adam.get(reverse("model", args=[candidate.pk])).content.decode()
    assert shown.count(against(candidate, serving)) == 2


def test_the_interface_says_the_same(db: None) -> None:
    image = factories.image()
    candidate, serving = judged(image.sha256)
    said = (
        Script(factories.adam()).get(f"/api/v1/models/{candidate.pk}/against/{serving.pk}/").json()
    )
    assert (said["n"], said["flipped"]["worse"], said["mcnemar"]["classes"]["p"]) == (61, 1, 1.0)
    assert said["flips"][0]["image"] == str(image.pk)
    assert (said["flips"][0]["against"], said["flips"][0]["this"]) == ("benign", "pro_b")
    assert said["difference"]["accuracy"]["difference"] < 0


def test_a_version_is_judged_on_the_test_set_from_its_page(adam: Client) -> None:
    version = factories.ModelVersionFactory()
    here = reverse("model", args=[version.pk])
    assert "Nothing is kept for judging" in adam.get(here).content.decode()
    judging.kept_for_judging(factories.image(), kind=version.image_kind, by=factories.adam())
    assert "1 image is kept for judging" in adam.get(here).content.decode()
    adam.post(reverse("model_judge", args=[version.pk]))
    shown = adam.get(here).content.decode()
    assert "It waits to be judged: no training worker has been heard lately." in shown
    assert reverse("model_judge", args=[version.pk]) not in shown
    listed = Script(factories.adam()).get(f"/api/v1/models/{version.pk}/evaluations/").json()
    assert listed["judging"] == "queued"
