"""Letting a candidate serve by two administrators: one proposes, another one confirms."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.evaluations.proposals import (
    proposal_confirm,
    proposal_decline,
    proposal_get,
    proposal_make,
)
from hemaqueue.registry.selectors import model_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.refusing import WrittenIn
from hemaqueue.web.views.models import reasons_given, version_refused


@require_POST
@page
def model_propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    given = reasons_given(request)
    try:
        made = proposal_make(model_get(pk), by=user, **given)
    except (Conflict, Refused) as refusal:
        return version_refused(request, pk, refusal, written_in=WrittenIn.SERVE, **given)
    said = _("%(name)s is proposed. It serves as soon as another administrator confirms it.")
    messages.success(request, said % {"name": made.model.name})
    return redirect("model", pk=pk)


@require_POST
@page
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a version serve that another administrator proposed."""
    user = administrator(request)
    found = proposal_get(pk)
    try:
        proposal_confirm(found, by=user)
    except Conflict as refusal:
        return version_refused(request, found.model_id, refusal, written_in=WrittenIn.CONFIRM)
    messages.success(request, _("%(name)s serves from now on.") % {"name": found.model.name})
    return redirect("model", pk=found.model_id)


@require_POST
@page
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decline a proposal with a reason, or take the own one back."""
    user = administrator(request)
    found, reason = proposal_get(pk), request.POST.get("reason", "")
    try:
        proposal_decline(found, reason=reason, by=user)
    except (Conflict, Refused) as refusal:
        return version_refused(
            request, found.model_id, refusal, written_in=WrittenIn.DECLINE, reason=reason
        )
    messages.success(request, _("The proposal is declined. The version stays a candidate."))
    return redirect("model", pk=found.model_id)
