"""Reports: asking for one, and reading it."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import ReportAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.jobs import AGAIN_AFTER
from hemaqueue.api.shown.links import link
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict
from hemaqueue.common.files import file_response
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import RETRYABLE
from hemaqueue.pipeline.papers import report_requested
from hemaqueue.reports.models import Report
from hemaqueue.reports.selectors import report_bytes, report_get, report_name
from hemaqueue.specimens.selectors import case_get
from jobcontract.names import Work

SUPERSEDED = "superseded"
SUFFIXES = {"application/pdf": "pdf", "text/html": "html"}


class ReportFailed(Conflict):
    """The report could not be rendered. Ask for it again."""

    code = "report_failed"


class CaseReportsView(Endpoint):
    @extend_schema(operation_id="report_request", request=None, responses={202: ReportAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Have the case's report rendered: the next revision."""
        report, job = report_requested(case_get(self.user, pk), by=self.user)
        return rendering(report, job=job)


class ReportView(Endpoint):
    queries = {"GET": [OpenApiParameter("copy", enum=[SUPERSEDED], description="The stamped copy")]}

    @extend_schema(
        operation_id="report_read",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 202: ReportAnswer},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file as it was made; 202 while it is being rendered.

        `copy=superseded` is the copy that says on each page which revision took its place.
        """
        copy = request.query_params.get("copy", "")
        if copy not in ("", SUPERSEDED):
            raise ValidationError({"copy": f"Only {SUPERSEDED!r} is known."})
        return report_response(report_get(self.user, pk), by=self.user, stamped=bool(copy))


def report_response(report: Report, *, by: User, stamped: bool = False) -> HttpResponseBase:
    """Answer with the file, or with how far it is.

    Raises:
        ReportFailed: it will not come by itself.
        Missing: nothing took its place, or the copy that says so is not made yet.
    """
    if report.key or stamped:
        answer = report_file(report, by=by, stamped=stamped)
        audit_record(
            "report.download",
            by=by,
            about=report,
            site=report.case.site_id,
            revision=report.revision,
            stamped=stamped,
        )
        return answer
    job = jobs_latest([report.pk], work=Work.RENDER_REPORT).get(report.pk)
    if job and job.state in RETRYABLE:
        raise ReportFailed
    return rendering(report, job=job)


def report_file(report: Report, *, by: User, stamped: bool = False) -> HttpResponseBase:
    media_type = report.media_type.partition(";")[0]
    suffix = SUFFIXES.get(media_type, "bin")
    return file_response(
        report_bytes(report, reader=by, stamped=stamped),
        media_type=media_type,
        name=report_name(report, ending=suffix, stamped=stamped),
        download=suffix != "pdf",
    )


def rendering(report: Report, *, job: Job | None) -> Response:
    answer = ReportAnswer(
        report_id=report.pk,
        status_url=link("report", report.pk),
        revision=report.revision,
        status=report.status,
        job_id=job.pk if job else None,
        state="rendering",
    )
    response = Response(answer.to_json(), status=202)
    response["Location"] = answer.status_url
    response["Retry-After"] = AGAIN_AFTER
    return response
