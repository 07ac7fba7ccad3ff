"""The report worker's task: a parcel of reports in, what became of each out."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from celery import shared_task

from hemaqueue.common.errors import Missing
from hemaqueue.reports.rendering import Document, report_render, report_stamp
from jobcontract.messages import Outcome, Parcel, RenderReport, Ticket
from jobcontract.names import Work
from jobcontract.reporting import ReportingTask
from jobcontract.sealing import FileDamaged
from jobcontract.storage import FileMissing


@shared_task(base=ReportingTask, name=Work.RENDER_REPORT)
def render_report(parcel: Parcel) -> list[Outcome]:
    return [
        rendered(ticket, RenderReport.from_json(body))
        for ticket, body in zip(parcel.tickets, parcel.bodies, strict=True)
    ]


def rendered(ticket: Ticket, asked: RenderReport) -> Outcome:
    """Render one report. What fails here fails again: a person has to look."""
    try:
        document = _document(asked)
    except Missing:
        return _failed(ticket, "report_missing", "There is no such report any more.")
    except (FileDamaged, FileMissing):
        return _failed(ticket, "file_damaged", "A picture of this case is damaged or gone.")
    return Outcome(job=ticket.job, attempt=ticket.attempt, ok=True, body=asdict(document))


def _document(asked: RenderReport) -> Document:
    if asked.stamp:
        return report_stamp(UUID(asked.report), stamp=asked.stamp)
    return report_render(UUID(asked.report))


def _failed(ticket: Ticket, code: str, detail: str) -> Outcome:
    return Outcome(job=ticket.job, attempt=ticket.attempt, ok=False, code=code, detail=detail)
