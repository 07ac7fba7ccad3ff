"""The OpenAPI document: complete, offline, and true of what is answered."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from hemaqueue.accounts.models import User
from hemaqueue.api import answers
from tests import factories
from tests.people import in_person, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


def test_the_document_is_valid_openapi(schema: dict[str, Any]) -> None:
    validate_schema(schema)


def test_every_operation_has_a_name_of_its_own(schema: dict[str, Any]) -> None:
    names = [one["operationId"] for path in schema["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) >= 33


def test_every_operation_says_what_it_does_and_what_a_refusal_is(schema: dict[str, Any]) -> None:
    for path in schema["paths"].values():
        for one in path.values():
            assert one["summary"]
            assert "application/problem+json" in one["responses"]["default"]["content"]


ANSWERED = {
    "/api/v1/images/": answers.ImagePage,
    "/api/v1/images/{image}/": answers.ImageAnswer,
    "/api/v1/batches/{batch}/": answers.BatchAnswer,
    "/api/v1/jobs/{job}/": answers.JobAnswer,
    "/api/v1/cases/": answers.CasePage,
    "/api/v1/cases/{case}/": answers.CaseAnswer,
    "/api/v1/models/serving/": answers.ModelList,
    "/api/v1/tokens/": answers.TokenList,
    "/api/v1/status/": answers.StatusAnswer,
}


@pytest.mark.parametrize(("address", "kind"), ANSWERED.items())
def test_answers_are_as_described(clara: User, address: str, kind: type) -> None:
    batch = factories.BatchFactory()
    image = factories.image(batch=batch)
    job = factories.prediction(image).job
    about = {"image": image.pk, "batch": batch.pk, "job": job.pk, "case": image.case_id}
    said = in_person(clara).get(address.format(**about)).json()
    assert list(said) == [field.name for field in dataclasses.fields(kind)]


def test_the_pages_of_the_interface_run_without_inline_scripts(clara: User) -> None:
    page = logged_in(clara).get("/api/v1/docs/").content.decode()
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert all(one.startswith("/") for one in sources)
    script = logged_in(clara).get(next(one for one in sources if "script" in one))
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in script.content or b"../schema/" in script.content
