"""The tasks of the worker that is part of the platform: reports, exports, archives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from celery import shared_task

from hemaqueue.common.errors import Missing, PlatformError
from hemaqueue.exports.building import Tell, Unprintable, export_build
from hemaqueue.pipeline.archives import archive_unpack
from hemaqueue.pipeline.learning import dataset_unpack
from hemaqueue.reports.rendering import Document, report_render, report_stamp
from hemaqueue.specimens.models import Batch
from hemaqueue.training.models import Dataset
from jobcontract.messages import (
    BuildExport,
    ImportDataset,
    Outcome,
    Parcel,
    RenderReport,
    Ticket,
    UnpackArchive,
)
from jobcontract.names import Work
from jobcontract.reporting import ReportingTask, StopWatch, WorkFailed
from jobcontract.sealing import FileDamaged
from jobcontract.storage import FileMissing


@shared_task(base=ReportingTask, name=Work.RENDER_REPORT)
def render_report(parcel: Parcel) -> list[Outcome]:
    return [
        rendered(ticket, RenderReport.from_json(body))
        for ticket, body in zip(parcel.tickets, parcel.bodies, strict=True)
    ]


@shared_task(base=ReportingTask, name=Work.BUILD_EXPORT, bind=True)
def build_export(task: ReportingTask, parcel: Parcel) -> list[Outcome]:
    def tell(ticket: Ticket) -> Tell:
        alone = replace(parcel, tickets=(ticket,))
        return lambda done, of: task.progress(alone, {"done": done, "of": of})

    return [
        built(ticket, BuildExport.from_json(body), tell=tell(ticket))
        for ticket, body in zip(parcel.tickets, parcel.bodies, strict=True)
    ]


def built(ticket: Ticket, asked: BuildExport, *, tell: Tell) -> Outcome:
    """Build one export. What fails here fails again: a person has to look."""
    try:
        document = export_build(UUID(asked.export), tell=tell)
    except Missing:
        return _failed(ticket, "export_missing", "Nobody may have this export any more.")
    except Unprintable as error:
        return _failed(ticket, "no_pdf", str(error))
    return Outcome(job=ticket.job, attempt=ticket.attempt, ok=True, body=asdict(document))


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


@shared_task(bind=True, base=ReportingTask, name=Work.UNPACK_ARCHIVE)
def unpack_archive(self: ReportingTask, parcel: Parcel) -> list[Outcome]:
    """Unpack the one archive of a parcel; it says now and then how far it is."""
    (ticket,), (body,) = parcel.tickets, parcel.bodies
    asked = UnpackArchive.from_json(body)
    found = Batch.objects.select_related("site", "created_by").get(pk=UUID(asked.batch))
    with _archive_faults():
        files = archive_unpack(found, progress=lambda said: self.progress(parcel, said))
    return [Outcome(job=ticket.job, attempt=ticket.attempt, ok=True, body={"files": files})]


@shared_task(bind=True, base=ReportingTask, name=Work.IMPORT_DATASET)
def import_dataset(self: ReportingTask, parcel: Parcel) -> list[Outcome]:
    """Import the one data set of a parcel; it says now and then how far it is."""
    (ticket,), (body,) = parcel.tickets, parcel.bodies
    asked, stop = ImportDataset.from_json(body), StopWatch(parcel.id)
    found = Dataset.objects.select_related("made_by").get(pk=UUID(asked.dataset))

    def told(said: dict[str, Any]) -> None:
        stop()
        self.progress(parcel, said)

    with _archive_faults():
        dataset_unpack(found, progress=told)
    return [Outcome(job=ticket.job, attempt=ticket.attempt, ok=True)]


@contextmanager
def _archive_faults() -> Iterator[None]:
    """Turn what an archive's work may raise into a failure with a code."""
    try:
        yield
    except (FileDamaged, FileMissing) as error:
        raise WorkFailed("file_damaged", "The stored archive is damaged or gone.") from error
    except PlatformError as error:
        transient = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        raise WorkFailed(error.code, error.detail, transient=transient) from error
