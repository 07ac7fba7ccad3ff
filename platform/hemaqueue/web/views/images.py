"""One image: its page, whole or in part, and its state while it waits."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_record
from hemaqueue.common.asking import asking_once
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.bench import bench_shown
from hemaqueue.web.shown.claims import claim_opened
from hemaqueue.web.shown.outcome import outcome
from hemaqueue.web.shown.result import result_page
from hemaqueue.web.shown.walking import Walk
from hemaqueue.web.views.explanations import asked_of


@require_GET
@page
def image(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = image_get(user, pk)
    return screen(request, found, user=user)


@require_GET
@page
def image_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part that waits. 204 while nothing changed; a whole reload when the result is there."""
    user = person(request)
    now = outcome(image_get(user, pk), user=user)
    if not now.waiting:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    if request.GET.get("mark") == now.mark:
        return HttpResponse(status=204)
    return render(request, "image/_outcome.html", {"outcome": now})


@asking_once()
def screen(request: HttpRequest, found: SmearImage, *, user: User) -> HttpResponse:
    """Return an image's page; to a script that swaps it in, the part that changes alone."""
    audit_record("image.view", by=user, about=found)
    shown = result_page(
        found,
        user=user,
        heat_shown=request.GET.get("heatmap") == "1",
        asked=asked_of(request.GET),
        walk=Walk.of(request),
    )
    part = request.headers.get("HX-Request")
    template = "image/_screen.html" if part else "image/image.html"
    context = {
        "result": shown,
        "bench": bench_shown(found, user=user),
        "claim": claim_opened(found.case, user=user),
    }
    return render(request, template, context)
