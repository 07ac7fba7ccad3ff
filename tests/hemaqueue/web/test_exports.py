"""The page of the exports: asking, watching, fetching; and a batch in counts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.audit.models import AuditEvent
from hemaqueue.exports.models import Export
from hemaqueue.jobs.models import Job
from tests import exported, factories

ADDRESS = reverse("exports")


def test_what_is_asked_for_is_work_and_is_listed(clara: Client) -> None:
    factories.prediction(factories.image())
    body = {"kind": "results", "format": "json", "label": "early_pre_b", "since": "2026-01-01"}
    answer = clara.post(ADDRESS, body, follow=True)
    export = Export.objects.get()
    assert (export.format, export.asked) == (
        "json", {"label": "early_pre_b", "since": "2026-01-01"},
    )  # fmt: skip
    assert Job.objects.get(subject=export.pk).queue == "reports"
    page = answer.content.decode()
    assert "2 filters · without names" in page
    assert 'hx-trigger="every 2s"' in page


def test_the_filter_of_the_history_comes_along(clara: Client) -> None:
    page = clara.get(ADDRESS, {"q": "BM-26", "label": "pre_b"}).content.decode()
    assert 'value="BM-26"' in page
    assert '<option value="pre_b" selected>' in page
    history = clara.get(reverse("history"), {"label": "pre_b"}).content.decode()
    assert f'href="{ADDRESS}?label=pre_b"' in history


def test_names_need_a_reason(clara: Client) -> None:
    answer = clara.post(ADDRESS, {"kind": "results", "format": "csv", "identified": "on"})
    assert answer.status_code == 422
    assert "Say why names are needed." in answer.content.decode()
    assert not Export.objects.exists()


def test_who_may_take_no_names_is_not_offered_them(tessa: Client) -> None:
    assert 'name="identified"' not in tessa.get(ADDRESS).content.decode()
    tessa.post(
        ADDRESS, {"kind": "results", "format": "csv", "identified": "on", "reason": "I want to."}
    )
    assert not Export.objects.get().identified


def test_the_audit_trail_is_an_administrators(adam: Client, clara: Client) -> None:
    assert clara.get(ADDRESS, {"kind": "audit"}).status_code == 403
    assert clara.post(ADDRESS, {"kind": "audit", "format": "csv"}).status_code == 403
    assert adam.post(ADDRESS, {"kind": "audit", "format": "csv"}).status_code == 302
    assert Export.objects.get().kind == "audit"


def test_a_ready_file_is_fetched_and_that_is_recorded(clara: Client) -> None:
    export = exported.export(by=factories.clara(), data=b"image\r\n")
    address = reverse("export_file", args=[export.pk])
    assert address in clara.get(reverse("export_rows")).content.decode()
    answer = clara.get(address)
    assert answer.content == b"image\r\n"
    assert answer["Content-Disposition"].startswith("attachment")
    event = AuditEvent.objects.get(action="export.download")
    assert event.details["file_sha256"] == export.file_sha256


def test_an_ended_file_says_so(clara: Client) -> None:
    export = exported.export(by=factories.clara())
    Export.objects.update(expires_at=export.requested_at)
    assert clara.get(reverse("export_file", args=[export.pk])).status_code == 410
    assert "The file was kept for a day and is gone." in clara.get(ADDRESS).content.decode()


def test_somebody_elses_file_is_not_there(tessa: Client) -> None:
    export = exported.export(by=factories.clara())
    assert tessa.get(reverse("export_file", args=[export.pk])).status_code == 404


@pytest.mark.django_db
def test_a_batch_is_counted_on_its_page(tessa: Client) -> None:
    batch = factories.BatchFactory()
    factories.prediction(factories.image(batch=batch), flags=("uncertain",))
    address = reverse("batch_summary", args=[batch.pk])
    assert address in tessa.get(reverse("batch", args=[batch.pk])).content.decode()
    page = tessa.get(address).content.decode()
    assert "Decided by people" in page
    assert "Not decided" in page or "not decided" in page
    assert tessa.post(address, {"format": "pdf"}).status_code == 302
    assert Export.objects.get().batch == batch
    assert tessa.post(address, {"format": "exe"}).status_code == 422
