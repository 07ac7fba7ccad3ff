"""Suspending AI: by the administrators of a site for it, by that of the installation for all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import runs_installation, sites_allowing
from hemaqueue.common.errors import Missing, NotAllowed
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
    if request.method == "POST":
        suspended = request.POST.get("suspended") == "yes"
        site, reason = _site(request, sites), request.POST.get("reason", "")
        ai_switched(site=site, suspended=suspended, reason=reason, by=user)
        said = _("AI is suspended. Images are read by hand.") if suspended else _("AI works again.")
        messages.success(request, said)
        return redirect("ai")
    shown = switches_shown(sites, everywhere=runs_installation(user))
    return render(request, "models/ai.html", {"switches": shown})


def _site(request: HttpRequest, sites: list[Site]) -> Site | None:
    """Return the site that is meant, None for all; raise Missing where it is none of theirs."""
    asked = request.POST.get("site", "")
    if not asked:
        return None
    found = next((site for site in sites if site.slug == asked), None)
    if found is None:
        raise Missing
    return found
