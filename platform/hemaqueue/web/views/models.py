"""Model versions and their cards. Promoting one is a person's act, done elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_list
from hemaqueue.web.errors import page
from hemaqueue.web.shown.models import model_shown


@require_GET
@page
def models(request: HttpRequest) -> HttpResponse:
    found = sorted(model_list(), key=lambda one: one.status != ModelStatus.SERVING)
    return render(request, "models/models.html", {"models": [model_shown(one) for one in found]})
