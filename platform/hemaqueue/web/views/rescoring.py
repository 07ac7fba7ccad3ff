"""Scoring old images again: ordered with a reason, watched, called off, and looked back at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import PlatformError
from hemaqueue.evaluations.rescored import (
    FLIPS_ORDER,
    rescore_flips,
    rescore_get,
    rescore_list,
)
from hemaqueue.evaluations.rescoring import images_chosen
from hemaqueue.pipeline.rescoring import rescore_ended, rescore_requested
from hemaqueue.web.errors import page
from hemaqueue.web.forms.rescoring import RescoreForm
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.rescoring import rescore_shown, rescored_cards

LISTED, FLIPS_SHOWN = 30, 120


@require_http_methods(["GET", "POST"])
@page
def rescores(request: HttpRequest) -> HttpResponse:
    """The orders there were, how many images a choice holds, and a further order."""
    user = administrator(request)
    form = RescoreForm(request.POST or None)
    count = None
    if form.is_valid() and request.POST.get("act") == "count":
        count = images_chosen(form.cleaned_data["model"], chosen=form.chosen()).count()
    elif form.is_valid():
        try:
            rescore = rescore_requested(**form.order(), by=user)
        except PlatformError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("It has begun, while nothing else waits."))
            return redirect("rescore", pk=rescore.pk)
    shown = [rescore_shown(one) for one in rescore_list()[:LISTED]]
    context = {"form": form, "rescores": shown, "count": count}
    return render(request, "models/rescores.html", context, status=422 if form.errors else 200)


@require_GET
@page
def rescore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One order, and the images that are named otherwise now, for people to look back at."""
    user = administrator(request)
    found = rescore_get(pk)
    audit_record("rescore.view", by=user, about=found)
    flips, pages = page_after(
        rescore_flips(found), fields=FLIPS_ORDER, query=request.GET, size=FLIPS_SHOWN
    )
    cards = rescored_cards(flips, user=user)
    context = {"shown": rescore_shown(found), "cards": cards, "pages": pages}
    return render(request, "models/rescore.html", context)


@require_GET
@page
def rescore_live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part that changes; the page loads anew when the order has ended."""
    administrator(request)
    context: dict[str, Any] = {"shown": rescore_shown(rescore_get(pk))}
    answer = render(request, "models/_rescore_live.html", context)
    if not context["shown"].live:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@page
def rescore_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    rescore_ended(rescore_get(pk), by=user)
    messages.success(request, _("It is called off. What was scored by then stays."))
    return redirect("rescore", pk=pk)
