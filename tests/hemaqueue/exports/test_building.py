"""What is in a file that somebody takes away, and what is not."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from hemaqueue.accounts.models import Membership, User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.exports import services
from hemaqueue.exports.building import export_build
from hemaqueue.exports.models import Export
from hemaqueue.exports.selectors import ExportExpired, ExportUnready, export_bytes, export_get
from hemaqueue.exports.services import ReasonNeeded, TooManyRows, Wish, exports_expire
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.papers import export_requested, exports_built
from hemaqueue.pipeline.reporting import built
from hemaqueue.specimens.models import Batch, Case, SmearImage
from jobcontract import storage
from jobcontract.messages import BuildExport, Ticket
from tests import factories
from tests.hemaqueue.exports.conftest import FORMULA
from tests.hemaqueue.reports.papers import needs_pdftotext, text_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014:ResourceWarning"),
]
WHY = "A second opinion was asked for."


def made(by: User, **wish: Any) -> Export:
    """Return an export that the worker has built and the platform has heard of."""
    export = export_requested(Wish(**{"kind": "results", "format": "csv"} | wish), by=by)
    job = Job.objects.get(subject=export.pk)
    asked = BuildExport.from_json(job.payload)
    outcome = built(Ticket(job=str(job.pk), attempt=1), asked, tell=lambda done, of: None)
    assert outcome.ok, outcome.detail
    exports_built([(job, outcome)])
    return export_get(by, export.pk)


def rows(export: Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_bytes(export).decode(), newline="")))


def test_without_a_reason_nothing_names_a_patient(case: Case, tessa: User) -> None:
    export = made(tessa)
    text = export_bytes(export).decode()
    found = rows(export)
    assert [row["decided"] for row in found] == ["pro_b", "early_pre_b"]
    assert [row["corrects"] for row in found] == ["yes", "no"]
    assert {row["confidence"] for row in found} == {"0.91"}
    image = SmearImage.objects.filter(case=case).earliest("uploaded_at")
    secrets = ("BM-1", "HYPERLINK", ".png", image.sha256, "clara", "Clara", "accession", "patient")
    assert [secret for secret in secrets if secret in text] == []


def test_with_a_reason_names_are_there_and_no_spreadsheet_runs_them(
    case: Case, clara: User
) -> None:
    export = made(clara, identified=True, reason=WHY)
    found = rows(export)
    assert {row["patient"] for row in found} == {f"'{FORMULA}"}
    assert {row["file"] for row in found} == {"'+0.png", "'+1.png"}
    assert {row["accession"] for row in found} == {"BM-1"}
    cells = [cell for row in found for cell in row.values()]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []


def test_the_reason_and_the_role_stay_on_record(case: Case, clara: User, tessa: User) -> None:
    export = made(clara, identified=True, reason=WHY)
    assert export.reason == WHY
    asked = AuditEvent.objects.get(action="export.request")
    assert (asked.actor, asked.object_id, asked.details["identified"]) == (
        clara, str(export.pk), True,
    )  # fmt: skip
    assert AuditEvent.objects.get(action="export.build").details["rows"] == 2
    with pytest.raises(ReasonNeeded):
        export_requested(Wish("results", "csv", identified=True, reason=" "), by=clara)
    with pytest.raises(NotAllowed):
        export_requested(Wish("results", "csv", identified=True, reason=WHY), by=tessa)


def test_json_says_the_same_and_what_it_is(case: Case, clara: User) -> None:
    found = json.loads(export_bytes(made(clara, format="json", asked={"label": "early_pre_b"})))
    assert found["filters"] == {"label": "early_pre_b"}
    assert "haematologist confirms" in found["intended_use"]
    assert [row["decided"] for row in found["rows"]] == ["pro_b", "early_pre_b"]
    assert found["rows"][0]["flags"] == ["uncertain"]


def test_a_filter_is_the_one_of_the_history(case: Case, clara: User) -> None:
    assert len(rows(made(clara, asked={"flag": "uncertain"}))) == 1
    assert rows(made(clara, asked={"q": "BM-2"})) == []
    tomorrow = timezone.now().date() + timedelta(days=1)
    assert rows(made(clara, asked={"since": tomorrow})) == []


def test_other_sites_are_in_no_file(case: Case, otto: User) -> None:
    assert rows(made(otto)) == []


def test_a_role_that_ended_builds_and_opens_nothing(case: Case, clara: User) -> None:
    ready = made(clara)
    waiting = export_requested(Wish("results", "csv"), by=clara)
    Membership.objects.filter(user=clara).delete()
    with pytest.raises(Missing):
        export_build(waiting.pk, tell=lambda done, of: None)
    with pytest.raises(Missing):
        export_get(clara, ready.pk)


def test_the_audit_trail_is_for_its_administrators(case: Case, adam: User, clara: User) -> None:
    with pytest.raises(NotAllowed):
        export_requested(Wish("audit", "csv"), by=clara)
    found = rows(made(adam, kind="audit", asked={"action": "image.decide"}))
    assert {row["action"] for row in found} == {"image.decide"}
    assert {row["actor"] for row in found} == {"clara"}
    assert "address" not in found[0]
    named = rows(made(adam, kind="audit", identified=True, reason=WHY))
    assert "Clara Uwase" in {row["actor_name"] for row in named}


def test_a_file_is_sealed_kept_for_a_day_and_then_gone(case: Case, clara: User) -> None:
    waiting = export_requested(Wish("results", "json"), by=clara)
    with pytest.raises(ExportUnready):
        export_bytes(waiting)
    export = made(clara)
    assert b"early_pre_b" not in storage.read(export.key)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now())
    export.refresh_from_db()
    with pytest.raises(ExportExpired):
        export_bytes(export)
    assert exports_expire() == 1
    assert not storage.exists(export.key)
    assert Export.objects.filter(pk=export.pk, removed_at__isnull=False).exists()
    assert exports_expire() == 0


def test_too_many_rows_are_refused_at_once(
    case: Case, clara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_ROWS", 1)
    with pytest.raises(TooManyRows):
        export_requested(Wish("results", "csv"), by=clara)


def test_progress_is_told_while_it_is_built(
    case: Case, clara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hemaqueue.exports.building.TOLD_EVERY", 1)
    export = export_requested(Wish("results", "csv"), by=clara)
    told: list[tuple[int, int]] = []
    export_build(export.pk, tell=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_a_batch_is_counted_by_class_flag_and_decision(
    case: Case, batch: Batch, tessa: User
) -> None:
    factories.image(case=case, batch=batch)
    found = rows(made(tessa, kind="batch", batch=batch))
    counts = {(row["counted"], row["code"]): row["number"] for row in found}
    assert counts["batch", "images"] == "3"
    assert counts["classes", "early_pre_b"] == "2"
    assert counts["classes", "benign"] == "0"
    assert counts["flags", "uncertain"] == "1"
    assert counts["decisions", "pro_b"] == counts["decisions", "undecided"] == "1"
    assert counts["batch", "corrected"] == "1"


@needs_pdftotext
def test_a_batch_summary_is_printed_without_patients(
    case: Case, batch: Batch, tessa: User, tmp_path: Path
) -> None:
    Batch.objects.filter(pk=batch.pk).update(name="<script>alert(1)</script>")
    export = made(tessa, kind="batch", format="pdf", batch=batch)
    assert export.media_type == "application/pdf"
    text = " ".join(text_of(export_bytes(export), tmp_path))
    assert "<script>alert(1)</script>" in text
    assert "haematologist confirms every result" in " ".join(text.split())
    assert "BM-1" not in text
