"""All images that this person may see, newest first, filtered by the query string."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.audit.services import audit_record
from hemaqueue.specimens.selectors import image_list
from hemaqueue.web.errors import page
from hemaqueue.web.forms.history import HistoryForm
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import person
from hemaqueue.web.shown.queue import queue_shown
from hemaqueue.web.shown.rows import TAKEN, Taken, taken_rows
from hemaqueue.web.shown.saved_views import saved_views_shown

FIELDS = ("-uploaded_at", "-id")


@require_GET
@page
def history(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = HistoryForm(request.GET or None, user=user)
    found = form.narrow(image_list(user)).select_related(None).values_list(*TAKEN, named=True)
    some, pages = page_after(found, fields=FIELDS, query=request.GET)
    images = [Taken(*one) for one in some]
    audit_record("history.view", by=user, images=[str(image.id) for image in images])
    rows = taken_rows(images, user=user, paused=queue_shown().paused, back=request.get_full_path())
    context = {
        "form": form,
        "rows": rows,
        "pages": pages,
        "filtered": form.is_narrowing,
        "saved": saved_views_shown(request, page="history"),
    }
    return render(request, "history/history.html", context)
