"""Holding a case while it is read: taking it over, and letting it go."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hemaqueue.reviews.claims import TakeOverUnexplained, case_claim, case_release, case_take_over
from hemaqueue.specimens.selectors import case_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import person


@require_POST
@page
def case_claim_here(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Renew the claim; with a reason, take the case over from who holds it."""
    user = person(request)
    found = case_get(user, pk)
    if "reason" not in request.POST:
        case_claim(found, by=user)
        return HttpResponse(status=204)
    try:
        case_take_over(found, by=user, reason=request.POST["reason"])
        messages.success(request, _("The case is yours now."))
    except TakeOverUnexplained as refusal:
        messages.error(request, refusal.sentence)
    return redirect(_next(request, reverse("case", args=[pk])))


@require_POST
@page
def case_release_here(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave a case: others may read it now."""
    user = person(request)
    case_release(case_get(user, pk), by=user)
    return redirect(_next(request, reverse("worklist")))


def _next(request: HttpRequest, otherwise: str) -> str:
    """Return where the person came from, if that is here."""
    given = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()})
    return given if given and here else otherwise
