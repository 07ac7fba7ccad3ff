"""Model versions, their cards and what they scored. Deciding about one is done elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.common.errors import PlatformError
from hemaqueue.evaluations.selectors import evaluations_of
from hemaqueue.registry.cards import card_of
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.selectors import model_get, model_list
from hemaqueue.web.errors import page
from hemaqueue.web.forms.versions import CardForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.comparing import others_shown
from hemaqueue.web.shown.deciding import decidable_shown
from hemaqueue.web.shown.drift import drift_shown
from hemaqueue.web.shown.evaluation import evaluation_line
from hemaqueue.web.shown.folds import folds_shown
from hemaqueue.web.shown.heatmap_checks import heatmaps_of
from hemaqueue.web.shown.judging import judging_shown
from hemaqueue.web.shown.learning import learning_shown
from hemaqueue.web.shown.models import model_shown, written_shown
from hemaqueue.web.shown.refusing import RefusedShown, WrittenIn, refused_shown


@require_GET
@page
def models(request: HttpRequest) -> HttpResponse:
    user = person(request)
    found = sorted(model_list(), key=lambda one: one.status != ModelStatus.SERVING)
    context = {
        "models": [model_shown(one, user=user) for one in found],
        "decides": runs_installation(user),
    }
    return render(request, "models/models.html", context)


@require_GET
@page
def model(request: HttpRequest, pk: UUID) -> HttpResponse:
    return version_page(request, model_get(pk))


def reasons_given(request: HttpRequest) -> dict[str, str]:
    """Return why a version shall serve, and why although a gate is not reached."""
    return {name: request.POST.get(name, "") for name in ("reason", "override")}


def version_refused(
    request: HttpRequest, pk: UUID, refusal: PlatformError, *, written_in: WrittenIn, **given: str
) -> HttpResponse:
    """Show the version as it stands now, with what was refused and what was written."""
    refused = refused_shown(refusal, written_in=written_in, **given)
    return version_page(request, model_get(pk), refused=refused, status=refusal.status)


def version_page(
    request: HttpRequest,
    version: ModelVersion,
    *,
    refused: RefusedShown | None = None,
    card_form: CardForm | None = None,
    status: int = 200,
) -> HttpResponse:
    written = card_of(version)
    context = {
        "model": model_shown(version, user=person(request)),
        "evaluations": [evaluation_line(one) for one in evaluations_of(version)],
        "others": others_shown(version),
        "folds": folds_shown(version),
        "drift": drift_shown(version),
        "heatmaps": heatmaps_of(version),
        "learning": learning_shown(version),
        "written": written_shown(written) if written else None,
        "refused": refused,
    }
    if runs_installation(request.user):
        form = card_form or CardForm(instance=written)
        context |= _decisions(version, card_form=form, reader=person(request))
    return render(request, "models/model.html", context, status=status)


def _decisions(version: ModelVersion, *, card_form: CardForm, reader: User) -> dict[str, Any]:
    """Return what stands on the page for who runs the installation."""
    decidable = version.status in (ModelStatus.CANDIDATE, ModelStatus.RETIRED)
    return {
        "version": decidable_shown(version, beside="", reader=reader) if decidable else None,
        "card_form": card_form,
        "judging": judging_shown(version),
    }
