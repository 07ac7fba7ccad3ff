"""One image: its result page, its state while it waits, and the clinician's decision."""

from __future__ import annotations

import time
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reviews.claims import Claimed
from hemaqueue.reviews.reading import require_reading
from hemaqueue.reviews.services import ReasonMissing, StalePage, decision_record
from hemaqueue.reviews.states import AlreadySigned
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.decision import DecisionForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.bench import bench_shown
from hemaqueue.web.shown.claims import claim_opened
from hemaqueue.web.shown.decisions import decision_word
from hemaqueue.web.shown.neighbours import next_to_read
from hemaqueue.web.shown.panel import OPENED, panel
from hemaqueue.web.shown.result import outcome, result_page

LONGEST_READ = 3600  # seconds; a page left open overnight is no reading time


@require_GET
@page
def image(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = image_get(user, pk)
    audit_record("image.view", by=user, about=found)
    shown = result_page(
        found,
        user=user,
        heat_shown=request.GET.get("heatmap") == "1",
        label=request.GET.get("label", ""),
    )
    context = {
        "result": shown,
        "bench": bench_shown(found, user=user),
        "claim": claim_opened(found.case, user=user),
    }
    return render(request, "image/image.html", context)


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


@require_POST
@page
def image_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = image_get(user, pk)
    require_reading(user, case=found.case)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form=form, status=422)
    try:
        verdict = form.verdict(seconds=_seconds(request.POST.get("opened", "")))
        decision = decision_record(found, verdict=verdict, by=user)
    except (Claimed, StalePage, AlreadySigned) as stale:
        return _again(request, found, form=form, status=409, conflict=stale.sentence)
    except Refused as refusal:
        form.add_error("reason" if isinstance(refusal, ReasonMissing) else None, refusal.sentence)
        return _again(request, found, form=form, status=422)
    messages.success(request, _("Recorded: %s.") % decision_word(decision))
    return _onwards(request, next_to_read(found, user=user) or reverse("image", args=[pk]))


def _again(
    request: HttpRequest, found: SmearImage, *, form: DecisionForm, status: int, conflict: str = ""
) -> HttpResponse:
    """Show the panel again with what was entered and what stands in the way."""
    user = person(request)
    shown = panel(found, user=user, prediction=prediction_of(found), form=form, conflict=conflict)
    if request.headers.get("HX-Request"):
        return render(request, "image/_decision.html", {"panel": shown}, status=status)
    whole = result_page(found, user=user, decision=shown)
    return render(request, "image/image.html", {"result": whole}, status=status)


def _onwards(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = url
        return answer
    return redirect(url)


def _seconds(opened: str) -> float | None:
    """Return how long the page was open before the decision, None where that says nothing."""
    try:
        made = signing.loads(opened, salt=OPENED, max_age=LONGEST_READ)
    except signing.BadSignature:
        return None
    return max(0.0, round(time.time() - float(made), 1))
