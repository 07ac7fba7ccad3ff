"""Suspending AI: by the administrators of a site for it, by that of the installation for all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import runs_installation, sites_allowing
from hemaqueue.common.errors import Conflict, Missing, NotAllowed, Refused
from hemaqueue.pipeline.versions import ai_switched
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.switching import switches_shown


@require_http_methods(["GET", "POST"])
@page
def ai(request: HttpRequest) -> HttpResponse:
    user = person(request)
    sites = list(sites_allowing(user, act=Act.MANAGE))
    if not sites and not runs_installation(user):
        raise NotAllowed
    context: dict[str, Any] = {}
    if request.method == "POST":
        suspended = request.POST.get("suspended") == "yes"
        site, reason = _site(request, sites), request.POST.get("reason", "")
        try:
            ai_switched(site=site, suspended=suspended, reason=reason, by=user)
        except (Conflict, Refused) as refusal:
            context |= {"refusal": refusal, "reason": reason, "asked": site.slug if site else ""}
        else:
            said = _("AI is suspended. Images are read by hand.")
            messages.success(request, said if suspended else _("AI works again."))
            return redirect("ai")
    context["switches"] = switches_shown(sites, everywhere=runs_installation(user))
    status = context["refusal"].status if "refusal" in context else 200
    return render(request, "models/ai.html", context, status=status)


def _site(request: HttpRequest, sites: list[Site]) -> Site | None:
    """Return the site that is meant, None for all; raise Missing where it is none of theirs."""
    asked = request.POST.get("site", "")
    if not asked:
        return None
    found = next((site for site in sites if site.slug == asked), None)
    if found is None:
        raise Missing
    return found
