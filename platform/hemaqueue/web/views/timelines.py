"""What happened to an image: the fold of its page once it is opened, a page without scripts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.audit.services import audit_record
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.timeline import timeline_shown
from hemaqueue.web.shown.walking import Walk


@require_GET
@page
def image_timeline(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, walk = person(request), Walk.of(request)
    found = image_get(user, pk)
    audit_record("image.view_timeline", by=user, about=found)
    context = {
        "told": timeline_shown(found, user=user, walk=walk),
        "accession": found.case.accession,
        "back": walk.image_url(pk),
    }
    part = request.headers.get("HX-Request")
    return render(request, "image/_timeline.html" if part else "image/timeline.html", context)
