"""Model versions, their cards and what they scored. Deciding about one is done elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.evaluations.selectors import evaluations_of
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_get, model_list
from hemaqueue.web.errors import page
from hemaqueue.web.shown.evaluation import evaluation_line
from hemaqueue.web.shown.models import model_shown


@require_GET
@page
def models(request: HttpRequest) -> HttpResponse:
    found = sorted(model_list(), key=lambda one: one.status != ModelStatus.SERVING)
    return render(request, "models/models.html", {"models": [model_shown(one) for one in found]})


@require_GET
@page
def model(request: HttpRequest, pk: UUID) -> HttpResponse:
    version = model_get(pk)
    context = {
        "model": model_shown(version),
        "evaluations": [evaluation_line(one) for one in evaluations_of(version)],
    }
    return render(request, "models/model.html", context)
