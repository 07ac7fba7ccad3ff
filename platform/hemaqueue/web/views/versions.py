"""Deciding about versions: promote, reject, thresholds, gates, the card; and what was decided."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.evaluations.points import point_choose_on_sweep
from hemaqueue.evaluations.policy import GatesUnchanged, gate_history, gate_limits, gate_policy
from hemaqueue.evaluations.policy import gate_policy_change as gates_change
from hemaqueue.evaluations.selectors import evaluation_get
from hemaqueue.pipeline.judging import version_judged
from hemaqueue.pipeline.versions import version_promoted, version_rejected
from hemaqueue.registry.cards import card_write
from hemaqueue.registry.selectors import model_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.versions import CardForm, GateForm, PointForm
from hemaqueue.web.people import administrator, person
from hemaqueue.web.shown.deciding import gate_policies_shown
from hemaqueue.web.shown.refusing import WrittenIn
from hemaqueue.web.shown.version_log import log_shown
from hemaqueue.web.views.evaluations import evaluation_page
from hemaqueue.web.views.models import reasons_given, version_page, version_refused


@require_POST
@page
def model_promote(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    version, given = model_get(pk), reasons_given(request)
    try:
        check = version_promoted(version, by=user, **given)
    except (Conflict, Refused) as refusal:
        return version_refused(request, pk, refusal, written_in=WrittenIn.SERVE, **given)
    said = _("%(name)s serves from now on.")
    if check:
        said = _("%(name)s is being loaded and tried. It serves again as soon as that succeeded.")
    messages.success(request, said % {"name": version.name})
    return redirect("model", pk=pk)


@require_POST
@page
def model_reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    version, reason = model_get(pk), request.POST.get("reason", "")
    try:
        version_rejected(version, by=user, reason=reason)
    except (Conflict, Refused) as refusal:
        return version_refused(request, pk, refusal, written_in=WrittenIn.REJECT, reason=reason)
    messages.success(request, _("%(name)s is rejected and never serves.") % {"name": version.name})
    return redirect("model", pk=pk)


@require_POST
@page
def model_judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have a version judged on the frozen test set, beside the one that serves."""
    user = administrator(request)
    try:
        version_judged(model_get(pk), by=user)
    except (Conflict, Refused) as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("It is being judged in the background; this page says when."))
    return redirect("model", pk=pk)


@require_GET
@page
def model_log(request: HttpRequest) -> HttpResponse:
    """Which version served when, which thresholds held, when AI was suspended: by whom, and why."""
    return render(request, "models/log.html", {"entries": log_shown(reader=person(request))})


@require_http_methods(["GET", "POST"])
@page
def gates(request: HttpRequest) -> HttpResponse:
    """What a candidate has to reach. A change is a row with a reason; former ones stay."""
    user = administrator(request)
    form = GateForm(request.POST or None, initial=gate_limits(gate_policy()))
    if form.is_valid():
        try:
            gates_change(form.limits(), reason=form.cleaned_data["why"], by=user)
        except GatesUnchanged as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("These gates hold from now on."))
            return redirect("gates")
    context = {"form": form, "history": gate_policies_shown(gate_history())}
    status = 422 if request.method == "POST" else 200
    return render(request, "models/gates.html", context, status=status)


@require_POST
@page
def evaluation_point(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose the thresholds of a version on what it scored."""
    user = administrator(request)
    evaluation = evaluation_get(pk)
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            point_choose_on_sweep(evaluation.model, evaluation=pk, by=user, **form.cleaned_data)
        except (Conflict, Refused) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            said = _("These thresholds hold for new results. Old ones keep theirs.")
            messages.success(request, said)
            return redirect("evaluation", pk=pk)
    return evaluation_page(request, evaluation, point_form=form)


@require_POST
@page
def model_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what a person has to say of a version."""
    user = administrator(request)
    version = model_get(pk)
    form = CardForm(request.POST)
    if not form.is_valid():
        return version_page(request, version, card_form=form, status=422)
    card_write(version, texts=form.cleaned_data, by=user)
    messages.success(request, _("The card is written."))
    return redirect("model", pk=pk)
