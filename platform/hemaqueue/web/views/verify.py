"""Where the code on a report leads: does what was signed still hold, is the file the one?"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.audit.services import audit_record
from hemaqueue.reports.selectors import report_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.verify import verified


@require_GET
@page
def verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    report = report_get(user, pk)
    audit_record("report.verify", by=user, about=report, site=report.case.site_id)
    return render(request, "report/verify.html", {"shown": verified(report)})
