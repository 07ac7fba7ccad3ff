"""Training and promotion, for who runs the installation; for everybody else it is not there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.jobs.selectors import queue_truth
from hemaqueue.pipeline.learning import training_requested
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import kinds_served, model_list
from hemaqueue.training.models import EPOCHS_USUAL
from hemaqueue.training.networks import NETWORKS
from hemaqueue.training.previews import run_preview
from hemaqueue.training.selectors import kinds_taught, run_list, run_live
from hemaqueue.training.services import Order
from hemaqueue.training.snapshots import snapshot_list
from hemaqueue.web.errors import page
from hemaqueue.web.forms.training import TrainingForm
from hemaqueue.web.people import administrator, person
from hemaqueue.web.shown.deciding import DecidableShown, decidable_shown
from hemaqueue.web.shown.training import preview_shown, run_shown
from jobcontract.names import Queue

RUNS_SHOWN = 20


@require_http_methods(["GET", "POST"])
@page
def training(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    form = TrainingForm.asked(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            run = training_requested(form.order(), by=user)
        except (Conflict, Refused) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The run is in line. You can close this page."))
            return redirect("training_run", pk=run.pk)
    return _page(request, asked=form)


@require_POST
@page
def training_preview(request: HttpRequest) -> HttpResponse:
    """What an order would learn, and how long it should take. Nothing is asked for yet."""
    administrator(request)
    form = TrainingForm.asked(request.POST)
    if not request.headers.get("HX-Request"):
        return _page(request, asked=form)
    if not form.is_valid():
        faults = {"kind": form.known_kind, "form_errors": form.errors}
        return render(request, "training/_preview_faults.html", faults)
    return render(request, "training/_preview.html", {"preview": _preview(form.order())})


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


def _page(request: HttpRequest, *, asked: TrainingForm | None = None) -> HttpResponse:
    """Return the whole page; what an order would learn stands there for `asked`, if it holds."""
    order = asked.order() if asked and asked.is_valid() else None
    context = _runs() | {
        "form_errors": asked.errors if asked else {},
        "previews": [
            _preview(order or _usual(kind), form=asked) if asked and asked.known_kind == kind
            else _preview(_usual(kind))
            for kind in kinds_taught()
        ],
        "versions": _versions(person(request)),
    }  # fmt: skip
    status = 422 if context["form_errors"] else 200
    return render(request, "training/training.html", context, status=status)


def _usual(kind: str) -> Order:
    """Return what the form for a kind asks for while nobody has changed it."""
    network = "" if kind in kinds_served() else NETWORKS[0]
    return Order(kind, epochs=EPOCHS_USUAL, network=network)


def _preview(order: Order, *, form: TrainingForm | None = None) -> dict[str, Any]:
    """Return what an order would learn, with the form for another unless a run goes on."""
    found = run_preview(
        order.kind, network=order.network, snapshot=order.snapshot, epochs=order.epochs
    )
    return {
        "shown": preview_shown(found),
        "snapshots": snapshot_list().filter(kind=order.kind).exists(),
        "form": form or TrainingForm.of_kind(order.kind),
        "running": run_live(order.kind) is not None,
    }


def _versions(reader: User) -> list[DecidableShown]:
    """Return what could be promoted: candidates first, then what served before."""
    statuses = (ModelStatus.CANDIDATE, ModelStatus.RETIRED)
    found = model_list().filter(status__in=statuses)
    bases = {run.candidate_id: run.base.name for run in run_list().exclude(candidate=None)}
    ordered = found.order_by("status", "-created_at")
    return [decidable_shown(one, beside=bases.get(one.pk, ""), reader=reader) for one in ordered]
