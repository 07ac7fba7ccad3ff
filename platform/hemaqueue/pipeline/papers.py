"""What leaves the screen: reports, what takes their place, exports. Steps like in steps.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.exports.services import Wish, export_open, export_publish
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.enqueue import BULK, SINGLE, Finished, enqueue
from hemaqueue.reports.models import Report
from hemaqueue.reports.selectors import reports_to_stamp
from hemaqueue.reports.services import report_open, report_publish, report_stamped
from jobcontract import messages
from jobcontract.names import Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.exports.models import Export
    from hemaqueue.specimens.models import Case


@transaction.atomic
def report_requested(case: Case, *, by: User) -> tuple[Report, Job]:
    """Somebody wants the case on paper."""
    require(by, act=Act.REPORT, site=case.site_id)
    report = report_open(case, by=by)
    audit_record("report.request", by=by, about=report, site=case.site_id)
    return report, report_ordered(report, by=by)


def report_ordered(report: Report, *, by: User | None, stamp: int = 0) -> Job:
    """Have the file of a report made, or a copy that says what took its place."""
    return enqueue(
        Work.RENDER_REPORT,
        messages.RenderReport(report=str(report.pk), stamp=stamp),
        subject=report.pk,
        site=report.case.site_id,
        by=by,
        priority=BULK if stamp else SINGLE,
    )


def reports_rendered(finished: Finished) -> None:
    """A report is rendered: from now on it can be read, and earlier ones say so."""
    for job, outcome in finished:
        if job.payload.get("stamp"):
            report_stamped(job.subject, document=outcome.body)
            continue
        report_publish(job.subject, document=outcome.body)
        report = Report.objects.get(pk=job.subject)
        for earlier in reports_to_stamp(report):
            report_ordered(earlier, by=None, stamp=report.revision)


@transaction.atomic
def export_requested(wish: Wish, *, by: User) -> Export:
    """Somebody wants to take results, a batch's counts or the audit trail away as a file.

    Raises:
        NotAllowed, FormatUnknown, ReasonNeeded, TooManyRows: see `export_open`.
    """
    export = export_open(wish, by=by)
    enqueue(
        Work.BUILD_EXPORT,
        messages.BuildExport(export=str(export.pk)),
        subject=export.pk,
        site=None,
        by=by,
        priority=BULK,
    )
    return export


def exports_built(finished: Finished) -> None:
    """An export is built: its person may fetch it for a day."""
    for job, outcome in finished:
        export_publish(job.subject, document=outcome.body)
