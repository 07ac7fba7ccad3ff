"""The pages for scoring old images again, and the same through the interface."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import Rescore, RescoredImage
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.views import rescoring as views
from jobcontract.names import Work
from tests import factories, readings
from tests.people import Script


def the_next() -> ModelVersion:
    version = factories.ModelVersionFactory(name="next", status="candidate")
    model_promote(version, by=None, reason="Better")
    return version


def scored(*, signed: bool = False) -> SmearImage:
    clara = factories.clara()
    case = readings.case_ready(by=clara)
    if signed:
        readings.signature(case, by=clara)
    image: SmearImage = case.images.get()
    return image


def flipped(rescore: Rescore) -> None:
    """Let the version say of every image of an order that it is pro-B."""
    for image in SmearImage.objects.all():
        said = Prediction.objects.create(
            image=image, model=rescore.model, label="pro_b", confidence=0.8, malignant=0.9,
            job=factories.job(
                about=image, state=JobState.SUCCEEDED, work=Work.RESCORE_SMEARS,
                subject=uuid.uuid4(),
            ),
        )  # fmt: skip
        before = image.predictions.exclude(pk=said.pk).get()
        RescoredImage.objects.create(rescore=rescore, image=image, before=before, after=said)


def order() -> Rescore:
    return Rescore.objects.create(
        model=the_next(), reason="Better", total=2, by=factories.adam()
    )  # fmt: skip


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_images_are_counted_before_they_are_ordered(adam: Client) -> None:
    scored()
    asked = {"model": str(the_next().pk), "act": "count"}
    shown = text(adam.post(reverse("rescores"), asked).content.decode())
    assert "1 image would be scored again" in shown
    assert Rescore.objects.count() == 0


def test_an_order_without_a_reason_is_refused_on_the_page(adam: Client) -> None:
    scored()
    answer = adam.post(reverse("rescores"), {"model": str(the_next().pk)})
    assert answer.status_code == 422
    assert "Say why old images are scored again." in answer.content.decode()


def test_an_order_leads_to_its_page_and_is_called_off_there(adam: Client) -> None:
    scored()
    asked = {"model": str(the_next().pk), "reason": "Better"}
    answer = adam.post(reverse("rescores"), asked)
    rescore = Rescore.objects.get()
    assert answer["Location"] == reverse("rescore", args=[rescore.pk])
    shown = adam.get(answer["Location"]).content.decode()
    assert "0 of 1 image scored · 1 left" in text(shown)
    adam.post(reverse("rescore_cancel", args=[rescore.pk]))
    assert "called off" in adam.get(answer["Location"]).content.decode()
    assert adam.get(reverse("rescore_live", args=[rescore.pk]))["HX-Refresh"] == "true"


def test_flips_are_shown_and_those_of_signed_cases_first(adam: Client) -> None:
    scored()
    signed = scored(signed=True)
    rescore = order()
    flipped(rescore)
    shown = adam.get(reverse("rescore", args=[rescore.pk])).content.decode()
    assert "1 of a signed case: what was signed stays as it is" in text(shown)
    links = re.findall(r'class="judged-picture" href="([^"]+)"', shown)
    assert links[0] == reverse("image", args=[signed.pk])
    assert len(links) == 2


def test_many_flips_are_leafed_through(adam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "FLIPS_SHOWN", 1)
    images = [scored(signed=True), scored(), scored()]
    rescore = order()
    flipped(rescore)
    address, query, seen = reverse("rescore", args=[rescore.pk]), "", []
    for _ in images:
        shown = adam.get(address + query).content.decode()
        seen += re.findall(r'class="judged-picture" href="([^"]+)"', shown)
        further = re.search(r'rel="next" href="([^"]+)"', shown)
        query = further[1] if further else ""
    assert seen[0] == reverse("image", args=[images[0].pk])
    assert sorted(seen) == sorted(reverse("image", args=[one.pk]) for one in images)
    assert not query


def test_the_interface_pages_the_flips(db: None) -> None:
    images = [scored(signed=True), scored()]
    rescore = order()
    flipped(rescore)
    adam = Script(factories.adam())
    address = f"/api/v1/rescores/{rescore.pk}/flips/"
    first = adam.get(f"{address}?page_size=1").json()
    rest = adam.get(first["next"]).json()
    said = [*first["results"], *rest["results"]]
    assert [one["image"] for one in said] == [str(one.pk) for one in images]
    assert [(one["now"], one["signed"]) for one in said] == [("pro_b", True), ("pro_b", False)]
    assert rest["next"] is None
    assert adam.get(f"{address}?after=x").json()["code"] == "bad_cursor"


def test_an_image_shows_what_other_versions_said_of_it(clara: Client) -> None:
    image = scored()
    flipped(order())
    shown = text(clara.get(reverse("image", args=[image.pk])).content.decode())
    assert "Suggestion of next" in shown
    shown = text(clara.get(reverse("image_timeline", args=[image.pk])).content.decode())
    assert re.search(r"classified [^·]*· smearnet-synthetic-1, ", shown)
    assert re.search(r"scored again by next [^·]*· Pro-B 0\.80", shown)
    listed = Script(factories.clara()).get(f"/api/v1/images/{image.pk}/predictions/").json()
    assert [one["model_version"]["name"] for one in listed["results"]] == [
        "next", "smearnet-synthetic-1",
    ]  # fmt: skip


def test_the_interface_orders_follows_and_calls_off(db: None) -> None:
    scored()
    adam = Script(factories.adam())
    asked = {"model": str(the_next().pk), "reason": "Better", "site": "north"}
    assert adam.post("/api/v1/rescores/", asked | {"site": "nowhere"}).status_code == 404
    asked["site"] = SmearImage.objects.get().site.slug
    made = adam.post("/api/v1/rescores/", asked)
    assert made.status_code == 202
    said = made.json()
    assert (said["total"], said["done"], said["site"]) == (1, 0, asked["site"])
    assert adam.post("/api/v1/rescores/", asked).json()["code"] == "rescore_goes_on"
    ended = adam.post(f"{said['url']}cancel/", {}).json()
    assert ended["cancelled_at"]
    assert [one["id"] for one in adam.get("/api/v1/rescores/").json()["results"]] == [said["id"]]
