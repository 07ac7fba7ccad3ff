"""Exports by script: the same filters, the same refusals, the same file."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.exports.models import Export
from tests import exported, factories
from tests.people import Script

pytestmark = pytest.mark.django_db
ADDRESS = reverse("api:exports")


def test_an_export_is_asked_for_and_watched(clara: User) -> None:
    script = Script(clara)
    site = factories.SiteFactory()
    answer = script.post(ADDRESS, {"kind": "results", "site": site.slug, "since": "2026-01-01"})
    assert answer.status_code == 202, answer.content
    said = answer.json()
    assert (said["state"], said["identified"], said["file"]) == ("building", False, None)
    assert said["filters"] == {"site": str(site.pk), "since": "2026-01-01"}
    assert script.get(answer["Location"]).json()["id"] == said["id"]
    assert script.get(ADDRESS).json()["results"][0]["id"] == said["id"]
    early = script.get(reverse("api:export_file", args=[said["id"]]))
    assert (early.status_code, early.json()["code"]) == (409, "not_built")


def test_the_same_request_twice_is_one_export(clara: User) -> None:
    script = Script(clara, {"Idempotency-Key": "one"})
    first, second = (script.post(ADDRESS, {"kind": "results"}).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert Export.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "everything"}, 400, ""),
        ({"kind": "results", "format": "pdf"}, 422, "format_unknown"),
        ({"kind": "results", "identified": True}, 422, "reason_required"),
        ({"kind": "results", "site": "elsewhere"}, 400, ""),
        ({"kind": "results", "reader": "nobody"}, 400, ""),
        ({"kind": "audit"}, 403, "not_allowed"),
        ({"kind": "batch"}, 400, ""),
        ({"kind": "batch", "format": "pdf", "batch": "0" * 32}, 404, "not_found"),
    ],
)
def test_what_cannot_be_is_refused(
    clara: User, otto: User, body: dict[str, Any], status: int, code: str
) -> None:
    answer = Script(clara).post(ADDRESS, body)
    assert answer.status_code in (status, 422 if status == 400 else status), answer.content
    assert code in answer.json()["code"]
    assert not Export.objects.exists()


def test_a_file_is_its_owners(clara: User, tessa: User) -> None:
    export = exported.export(by=clara)
    address = reverse("api:export_file", args=[export.pk])
    assert Script(clara).get(address).content == b"image\r\n"
    assert Script(tessa).get(address).status_code == 404


def test_a_batch_in_counts(clara: User) -> None:
    batch = factories.BatchFactory()
    factories.prediction(factories.image(batch=batch))
    said = Script(clara).get(reverse("api:batch_summary", args=[batch.pk])).json()
    assert (said["images"], said["classes"]["early_pre_b"]) == (1, 1)
    assert said["decisions"]["undecided"] == 1
    assert "haematologist confirms" in said["intended_use"]
