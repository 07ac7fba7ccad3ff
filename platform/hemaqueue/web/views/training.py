"""Training and promotion, for who runs the installation; for everybody else it is not there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hemaqueue.jobs.selectors import queue_truth
from hemaqueue.pipeline.learning import training_requested
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_list
from hemaqueue.training.selectors import kinds_taught, run_list, run_live, training_preview
from hemaqueue.training.snapshots import snapshot_list
from hemaqueue.web.errors import page
from hemaqueue.web.forms.training import TrainingForm
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.deciding import DecidableShown, decidable_shown
from hemaqueue.web.shown.training import preview_shown, run_shown
from jobcontract.names import Queue

RUNS_SHOWN = 20


@require_http_methods(["GET", "POST"])
@page
def training(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    form = TrainingForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        run = training_requested(form.order(), by=user)
        messages.success(request, _("The run is in line. You can close this page."))
        return redirect("training_run", pk=run.pk)
    context = _runs() | {
        "form_errors": form.errors if form else {},
        "previews": _previews(),
        "versions": _versions(),
    }
    return render(request, "training/training.html", context)


@require_GET
@page
def training_runs(request: HttpRequest) -> HttpResponse:
    """The list alone, for the page that watches a run; it loads anew when the run has ended."""
    administrator(request)
    runs = _runs()
    answer = render(request, "training/_runs.html", runs)
    if not runs["live"]:
        answer["HX-Refresh"] = "true"
    return answer


def _runs() -> dict[str, Any]:
    shown = [run_shown(run) for run in run_list()[:RUNS_SHOWN]]
    live = any(run.live for run in shown)
    return {"runs": shown, "live": live, "paused": live and queue_truth(Queue.TRAINING).is_paused}


def _previews() -> list[dict[str, Any]]:
    """Return what would be learned of each kind, with its form unless a run goes on."""
    return [
        {
            "shown": preview_shown(training_preview(kind)),
            "snapshots": snapshot_list().filter(kind=kind).exists(),
            "form": TrainingForm.of_kind(kind),
            "running": run_live(kind) is not None,
        }
        for kind in kinds_taught()
    ]


def _versions() -> list[DecidableShown]:
    """Return what could be promoted: candidates first, then what served before."""
    statuses = (ModelStatus.CANDIDATE, ModelStatus.RETIRED)
    found = model_list().filter(status__in=statuses)
    bases = {run.candidate_id: run.base.name for run in run_list().exclude(candidate=None)}
    ordered = found.order_by("status", "-created_at")
    return [decidable_shown(one, beside=bases.get(one.pk, "")) for one in ordered]
