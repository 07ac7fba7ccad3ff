"""What a request cannot have meant is refused: misspelt parameters, keys that stand twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter
from django.views import View
from drf_spectacular.generators import SchemaGenerator

from hemaqueue.accounts.models import User
from hemaqueue.api import short_urls, urls
from tests import factories
from tests.people import Script, in_person, logged_in

pytestmark = pytest.mark.django_db

IMAGES = "/api/v1/images/"
NOBODY = UUID(int=0)
ENDPOINTS = {
    f"{part.app_name}:{one.name}": one
    for part in (urls, short_urls)
    for one in part.urlpatterns
    if hasattr(one.callback, "view_class")
}


@pytest.fixture
def script(clara: User) -> Script:
    return Script(clara)


def sent(script: Script, text: str, *, to: str = "/api/v1/batches/") -> Any:
    """Post a body as it is written here."""
    return script.client.generic(
        "POST", to, text, content_type="application/json", headers=script.headers
    )


def test_a_misspelt_filter_is_named_with_what_is_known(script: Script) -> None:
    answer = script.get(IMAGES, data={"lable": "pre_b"})
    said = answer.json()
    assert (answer.status_code, said["code"]) == (400, "unknown_parameter")
    assert answer["Content-Type"] == "application/problem+json"
    assert [one["field"] for one in said["errors"]] == ["lable"]
    assert "accession, batch, case, cursor" in said["errors"][0]["detail"]


@pytest.mark.parametrize(("name", "route"), ENDPOINTS.items(), ids=list(ENDPOINTS))
def test_no_endpoint_ignores_a_parameter(clara: User, name: str, route: URLPattern) -> None:
    script = in_person(clara)
    kinds = route.pattern.converters
    named = {key: 1 if isinstance(kinds[key], IntConverter) else str(NOBODY) for key in kinds}
    address = reverse(name, kwargs=named) + "?nonsense=1"
    view = getattr(route.callback, "view_class", View)
    for method in (one for one in view.http_method_names if hasattr(view, one)):
        if method != "options":
            answer = script.client.generic(method.upper(), address, headers=script.headers)
            assert answer.status_code == 400, method
            assert answer.json()["code"] == "unknown_parameter", method


def test_every_described_parameter_is_taken(clara: User) -> None:
    script = in_person(clara)
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    for path, operations in paths.items():
        for one in operations.get("get", {}).get("parameters", []):
            if one["in"] == "query":
                address = path.format(id=NOBODY, other=NOBODY, cell=1)
                answer = script.get(address, data={one["name"]: ""})
                assert answer.status_code in (200, 404), (path, one["name"])


def test_the_filters_are_described(script: Script) -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    names = {one["name"] for one in paths[IMAGES]["get"]["parameters"]}
    assert {"label", "status", "page_size", "cursor"} <= names
    assert not [one for one in paths[IMAGES]["post"]["parameters"] if one["in"] == "query"]


def test_the_document_is_had_in_the_format_asked_for(clara: User) -> None:
    answer = logged_in(clara).get("/api/v1/schema/?format=json")
    assert answer.json()["openapi"].startswith("3.")


@pytest.mark.parametrize(
    "text", ['{"name": "One", "name": "Two"}', '{"name": "One", "more": [{"a": 1, "a": 1}]}']
)
def test_a_key_that_stands_twice_is_refused(script: Script, text: str) -> None:
    answer = sent(script, text)
    assert (answer.status_code, answer.json()["code"]) == (400, "duplicate_key")


def test_the_short_door_refuses_it_too(script: Script) -> None:
    image = factories.image()
    answer = sent(script, f'{{"image_id": "{image.pk}", "image_id": "{NOBODY}"}}', to="/predict")
    assert answer.json()["code"] == "duplicate_key"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(script: Script, number: str) -> None:
    answer = sent(script, f'{{"days": {number}}}', to="/api/v1/batches/")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_the_same_key_in_two_objects_is_fine(script: Script) -> None:
    assert sent(script, '{"name": "One", "more": [{"a": 1.5}, {"a": 2}]}').status_code == 201
