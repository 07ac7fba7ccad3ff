"""Reports made as the platform makes them: asked for, rendered, recorded."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploy.local.system import pdftotext
from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.papers import report_requested, reports_rendered
from hemaqueue.pipeline.reporting import rendered
from hemaqueue.reports.document import report_page
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.models import Report
from hemaqueue.reviews.amending import review_amend
from hemaqueue.specimens.models import Case, SmearImage
from jobcontract.messages import RenderReport, Ticket
from tests import readings

needs_pdftotext = pytest.mark.skipif(
    pdftotext() is None, reason="no pdftotext: apt-get install poppler-utils"
)


def made(case: Case, *, by: User) -> Report:
    """Return the next report of a case, rendered and readable."""
    report, job = report_requested(case, by=by)
    finish(job)
    report.refresh_from_db()
    return report


def finish(job: Job) -> None:
    """Let the report worker do `job`, and the platform hear of it."""
    ticket = Ticket(job=str(job.pk), attempt=1)
    outcome = rendered(ticket, RenderReport.from_json(job.payload))
    assert outcome.ok
    reports_rendered([(job, outcome)])


def amended(case: Case, *, by: User) -> Report:
    """Return the report of a case that was opened again and signed once more."""
    review_amend(case, by=by, reason="Second look.")
    image = SmearImage.objects.filter(case=case).earliest("uploaded_at")
    readings.decision(image, by=by, choice="pro_b")
    readings.signature(case, by=by)
    return made(case, by=by)


def text_of(data: bytes, folder: Path) -> list[str]:
    """Return the text of each page of a PDF."""
    file = folder / "report.pdf"
    file.write_bytes(data)
    run = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
    return run.stdout.decode().rstrip("\f").split("\f")


def printed(report: Report) -> str:
    return report_page(report_content(report), pictures={}).alone()
