"""The audit trail, searched by an administrator of the sites it tells of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.audit.selectors import audit_search
from hemaqueue.common.errors import NotAllowed
from hemaqueue.web.errors import page
from hemaqueue.web.forms.audit import AuditSearchForm
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import person
from hemaqueue.web.shown.audit import event_shown


@require_GET
@page
def audit(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not (user.is_staff or sites_allowing(user, act=Act.SEARCH_AUDIT)):
        raise NotAllowed
    form = AuditSearchForm(request.GET or None)
    found = form.narrow(audit_search(user).select_related("seal"))
    events, pages = page_after(found, fields=("-id",), query=request.GET)
    context = {
        "form": form,
        "events": [event_shown(event) for event in events],
        "pages": pages,
    }
    return render(request, "audit/audit.html", context)
