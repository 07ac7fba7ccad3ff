"""Letting a candidate serve by two administrators: one proposes, another one confirms."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hemaqueue.evaluations.proposals import (
    proposal_confirm,
    proposal_decline,
    proposal_get,
    proposal_make,
)
from hemaqueue.registry.selectors import model_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import administrator


@require_POST
@page
def model_propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    given = {name: request.POST.get(name, "") for name in ("reason", "override")}
    made = proposal_make(model_get(pk), by=user, **given)
    said = _("%(name)s is proposed. It serves as soon as another administrator confirms it.")
    messages.success(request, said % {"name": made.model.name})
    return redirect("model", pk=pk)


@require_POST
@page
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a version serve that another administrator proposed."""
    user = administrator(request)
    found = proposal_get(pk)
    proposal_confirm(found, by=user)
    messages.success(request, _("%(name)s serves from now on.") % {"name": found.model.name})
    return redirect("model", pk=found.model_id)


@require_POST
@page
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decline a proposal with a reason, or take the own one back."""
    user = administrator(request)
    found = proposal_get(pk)
    proposal_decline(found, reason=request.POST.get("reason", ""), by=user)
    messages.success(request, _("The proposal is declined. The version stays a candidate."))
    return redirect("model", pk=found.model_id)
