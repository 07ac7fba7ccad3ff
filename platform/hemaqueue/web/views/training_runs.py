"""One run: watched live, called off, looked at afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.jobs.selectors import queue_truth
from hemaqueue.pipeline.learning import training_asked_again, training_called_off
from hemaqueue.training.selectors import run_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.training_run import run_page
from jobcontract.names import Queue


@require_GET
@page
def training_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    administrator(request)
    return render(request, "training/run.html", _context(pk))


@require_GET
@page
def training_run_live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part that changes; the page loads anew when the run has ended."""
    administrator(request)
    context = _context(pk)
    answer = render(request, "training/_live.html", context)
    if not context["shown"].run.live:
        answer["HX-Refresh"] = "true"
    return answer


def _context(pk: UUID) -> dict[str, Any]:
    shown = run_page(run_get(pk))
    paused = shown.run.live and queue_truth(Queue.TRAINING).is_paused
    return {"shown": shown, "paused": paused}


@require_POST
@page
def training_run_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    training_called_off(run_get(pk), by=user)
    messages.success(request, _("The run is called off. Its worker stops within seconds."))
    return redirect("training_run", pk=pk)


@require_POST
@page
def training_run_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    try:
        training_asked_again(run_get(pk), by=user)
        messages.success(request, _("The run waits again."))
    except (Conflict, Refused) as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("training_run", pk=pk)
