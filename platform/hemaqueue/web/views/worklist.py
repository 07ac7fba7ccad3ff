"""What a clinician reads next: a plain list, ordered by urgency and doubt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews import selectors
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.worklist import cases_to_read, worklist_rows

SHOWN_AT_MOST = 100


@require_GET
@page
def worklist(request: HttpRequest) -> HttpResponse:
    user = person(request)
    sites = sites_allowing(user, act=Act.DECIDE)
    if not sites.exists():
        raise NotAllowed
    mine = selectors.worklist(user).filter(case__site__in=sites)
    only = request.GET.get("only", "")
    if only == "urgent":
        mine = mine.filter(case__urgent=True)
    shown = list(mine[:SHOWN_AT_MOST])
    audit_record("worklist.view", by=user, cases=[str(one.case_id) for one in shown])
    here = reverse("worklist")
    to_read = cases_to_read(user)
    tiles = [
        {"number": to_read.count(), "word": _("to read"), "url": here, "current": not only},
        {
            "number": to_read.filter(case__urgent=True).count(),
            "word": _("urgent"),
            "url": f"{here}?only=urgent",
            "current": only == "urgent",
        },
    ]
    line = _("Nothing waits to be read. New results appear here when you come back.")
    context = {
        "rows": worklist_rows(shown, user=user),
        "tiles": tiles,
        "empty_line": line,
        "shown_at_most": SHOWN_AT_MOST if len(shown) == SHOWN_AT_MOST else None,
    }
    return render(request, "worklist/worklist.html", context)
