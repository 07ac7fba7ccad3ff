"""The pages for trying a version, its twin in the interface, and what readers do not see of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import Shadow, ShadowResult
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.views import shadowing as views
from tests import factories, readings
from tests.people import Script


def candidate() -> ModelVersion:
    factories.ModelVersionFactory()
    return factories.ModelVersionFactory(name="the-candidate", status="candidate")


def tried(image: SmearImage, label: str) -> Shadow:
    """Return a shadow that says `label` of an image."""
    shadow = Shadow.objects.create(
        model=candidate(), kind="synthetic", percent=10, reason="To see", by=factories.adam()
    )
    ShadowResult.objects.create(
        shadow=shadow, beside=image.predictions.get(), label=label, confidence=0.8, malignant=0.9
    )
    return shadow


def signed_image() -> SmearImage:
    clara = factories.clara()
    case = readings.case_ready(by=clara)
    readings.signature(case, by=clara)
    image: SmearImage = case.images.get()
    return image


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_order_leads_to_its_page_and_is_stopped_there(adam: Client) -> None:
    asked = {"version": str(candidate().pk), "percent": "20", "reason": "To see"}
    answer = adam.post(reverse("shadows"), asked)
    shadow = Shadow.objects.get()
    assert answer["Location"] == reverse("shadow", args=[shadow.pk])
    shown = text(adam.get(answer["Location"]).content.decode())
    assert "20 % of all sites" in shown
    assert "who is right is not known" in shown
    assert "No image was scored yet." in shown
    adam.post(reverse("shadow_stop", args=[shadow.pk]))
    assert "No image was scored. " in text(adam.get(answer["Location"]).content.decode())
    assert "stopped" in text(adam.get(reverse("shadows")).content.decode())
    assert adam.post(reverse("shadows"), asked | {"reason": ""}).status_code == 422


def test_agreement_and_flips_are_shown(adam: Client) -> None:
    image = signed_image()
    shadow = tried(image, "pro_b")
    shown = adam.get(reverse("shadow", args=[shadow.pk])).content.decode()
    assert reverse("image", args=[image.pk]) in shown
    words = text(shown)
    assert "Images of signed cases 1" in words
    assert "Named rightly by this version alone: 0. By the other alone: 1." in words
    assert re.search(r"what serves \S.* this one Pro-B 0\.80 signed", words)


def test_many_flips_are_leafed_through(adam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "FLIPS_SHOWN", 1)
    signed = signed_image()
    shadow = tried(signed, "pro_b")
    unsigned: SmearImage = readings.case_ready(by=factories.clara()).images.get()
    ShadowResult.objects.create(
        shadow=shadow, beside=unsigned.predictions.get(), label="pro_b", confidence=0.9,
        malignant=0.9,
    )  # fmt: skip
    said = Script(factories.adam()).get(f"/api/v1/shadows/{shadow.pk}/flips/?page_size=1").json()
    assert [(one["image"], one["shadow"]) for one in said["results"]] == [(str(signed.pk), "pro_b")]
    (rest,) = Script(factories.adam()).get(said["next"]).json()["results"]
    assert (rest["image"], rest["signed"]) == (str(unsigned.pk), "")
    address = reverse("shadow", args=[shadow.pk])
    first = adam.get(address).content.decode()
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    rest = adam.get(address + further[1]).content.decode()
    links = [re.findall(r'class="judged-picture" href="([^"]+)"', one) for one in (first, rest)]
    assert links == [[reverse("image", args=[one.pk])] for one in (signed, unsigned)]


def test_readers_never_see_what_a_shadow_says(clara: Client) -> None:
    image = signed_image()
    tried(image, "pro_b")
    for name, pk in (("image", image.pk), ("case", image.case_id)):
        shown = clara.get(reverse(name, args=[pk])).content.decode()
        assert "the-candidate" not in shown
    said = Script(factories.clara()).get(f"/api/v1/images/{image.pk}/predictions/").json()
    assert [one["model_version"]["name"] for one in said["results"]] == ["smearnet-synthetic-1"]
    assert clara.get(reverse("shadows")).status_code == 404


def test_the_interface_orders_follows_and_stops(db: None) -> None:
    adam = Script(factories.adam())
    asked = {"model": str(candidate().pk), "percent": 5, "reason": "To see"}
    made = adam.post("/api/v1/shadows/", asked)
    assert made.status_code == 201
    said = made.json()
    assert (said["percent"], said["answered"], said["site"]) == (5, 0, None)
    assert adam.post("/api/v1/shadows/", asked).json()["code"] == "shadow_goes_on"
    assert adam.post(f"{said['url']}stop/", {}).json()["ended_at"]
    assert [one["id"] for one in adam.get("/api/v1/shadows/").json()["results"]] == [said["id"]]
