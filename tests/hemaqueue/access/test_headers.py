"""Refusals and faults carry the same headers as answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse
from pytest import MonkeyPatch

from tests import factories
from tests.hemaqueue.access.headers import missing_headers
from tests.hemaqueue.access.world import World
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db

API = "/api/v1/images/"


def refusals(world: World) -> dict[int, Any]:
    script = Script(world.people["technician"])
    anonymous = Script()
    return {
        400: script.get(API + "?page_size=many"),
        401: anonymous.get(API),
        403: script.post(reverse("api:decisions", args=[world.image.pk]), {}),
        404: script.get("/api/v1/nothing/"),
        405: script.delete(API),
        413: script.client.post(API, {}, headers=script.headers, CONTENT_LENGTH=str(1 << 28)),
        415: script.post(API, {}),
    }


def test_refusals_are_problems_with_all_headers(world: World) -> None:
    for status, answer in refusals(world).items():
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert not missing_headers(answer), status


def test_who_is_not_logged_in_is_told_how(world: World) -> None:
    assert Script().get(API)["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("error", "status"), [(RuntimeError("secret"), 500),
                                               (OperationalError("secret"), 503)])  # fmt: skip
@pytest.mark.parametrize("is_api", [True, False])
def test_faults_say_nothing_of_the_inside(
    world: World, monkeypatch: MonkeyPatch, error: Exception, status: int, is_api: bool
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise error

    image = factories.image(case=world.case)
    monkeypatch.setattr("hemaqueue.api.images.image_get", broken)
    monkeypatch.setattr("hemaqueue.web.views.images.image_get", broken)
    if is_api:
        address = reverse("api:image", args=[image.pk])
        answer = Script(world.people["technician"]).get(address)
    else:
        address = reverse("image", args=[image.pk])
        answer = logged_in(world.people["technician"]).get(address)
    assert answer.status_code == status
    assert b"secret" not in answer.content
    assert b"Traceback" not in answer.content
    assert not missing_headers(answer)
    assert ("Retry-After" in answer) is (status == 503)


def test_unknown_pages_carry_them_too(world: World) -> None:
    answer = logged_in(world.people["technician"]).get("/nothing/here/")
    assert answer.status_code == 404
    assert not missing_headers(answer)


def test_a_session_needs_its_csrf_token(world: World) -> None:
    browser = logged_in(world.people["technician"])
    browser.handler.enforce_csrf_checks = True
    answer = browser.post("/api/v1/batches/", {"name": "x"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not missing_headers(answer)
