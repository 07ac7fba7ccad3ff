"""Reports of a case: asked for, watched, read. Every reading leaves an event."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hemaqueue.audit.services import audit_record
from hemaqueue.common.files import file_response
from hemaqueue.pipeline.papers import report_requested
from hemaqueue.reports.selectors import report_bytes, report_get, report_name
from hemaqueue.specimens.selectors import case_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.reports import report_shown

ENDINGS = {"application/pdf": "pdf", "text/html": "html"}


@require_POST
@page
def report_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = case_get(user, pk)
    report_requested(found, by=user)
    messages.success(request, _("The report is being made; it appears on this page."))
    return redirect("case", pk=pk)


@require_GET
@page
def report_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    shown = report_shown(case_get(user, pk), user=user)
    return render(request, "report/_report.html", {"report": shown})


@require_GET
@page
def report_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file as it was made; `?copy=superseded` is the one that says what took its place."""
    user = person(request)
    report = report_get(user, pk)
    stamped = request.GET.get("copy") == "superseded"
    data = report_bytes(report, reader=user, stamped=stamped)
    audit_record(
        "report.download",
        by=user,
        about=report,
        site=report.case.site_id,
        revision=report.revision,
        stamped=stamped,
    )
    media_type = report.media_type.partition(";")[0]
    ending = ENDINGS.get(media_type, "bin")
    name = report_name(report, ending=ending, stamped=stamped)
    return file_response(data, media_type=media_type, name=name, download=ending != "pdf")
