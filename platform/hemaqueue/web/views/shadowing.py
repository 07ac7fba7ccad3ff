"""Trying a version on what comes in: ordered with a reason, looked at, stopped."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import PlatformError
from hemaqueue.evaluations.shadowed import FLIPS_ORDER, shadow_flips, shadow_get, shadow_list
from hemaqueue.pipeline.shadowing import shadow_requested, shadow_stopped
from hemaqueue.web.errors import page
from hemaqueue.web.forms.shadowing import ShadowForm
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.shadowing import shadow_cards, shadow_shown

LISTED, FLIPS_SHOWN = 30, 120


@require_http_methods(["GET", "POST"])
@page
def shadows(request: HttpRequest) -> HttpResponse:
    """The versions that were tried so far, and a further one."""
    user = administrator(request)
    form = ShadowForm(request.POST or None)
    if form.is_valid():
        try:
            made = shadow_requested(**form.order(), by=user)
        except PlatformError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("It is tried on what comes in from now on."))
            return redirect("shadow", pk=made.pk)
    shown = [shadow_shown(one) for one in shadow_list()[:LISTED]]
    status = 422 if request.method == "POST" else 200
    return render(request, "models/shadows.html", {"form": form, "shadows": shown}, status=status)


@require_GET
@page
def shadow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How often a version agrees with what serves, and with what was signed; and the flips."""
    user = administrator(request)
    found = shadow_get(pk)
    audit_record("shadow.view", by=user, about=found)
    flips, pages = page_after(
        shadow_flips(found), fields=FLIPS_ORDER, query=request.GET, size=FLIPS_SHOWN
    )
    cards = shadow_cards(flips, user=user)
    context = {"shown": shadow_shown(found), "cards": cards, "pages": pages}
    return render(request, "models/shadow.html", context)


@require_POST
@page
def shadow_stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    shadow_stopped(shadow_get(pk), by=user)
    messages.success(request, _("It is not tried any more. What it said stays here."))
    return redirect("shadow", pk=pk)
