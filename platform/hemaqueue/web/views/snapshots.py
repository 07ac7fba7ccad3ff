"""Snapshots of labels, what tells two apart, and the frozen test set."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.common.errors import Conflict, Missing, Refused
from hemaqueue.exports.models import ExportKind
from hemaqueue.exports.services import Wish
from hemaqueue.pipeline import learning
from hemaqueue.pipeline.papers import export_requested
from hemaqueue.training.frozen_test import frozen_history
from hemaqueue.training.selectors import kinds_taught
from hemaqueue.training.snapshots import snapshot_diff as difference
from hemaqueue.training.snapshots import snapshot_get, snapshot_list
from hemaqueue.web.errors import page
from hemaqueue.web.forms.datasets import CONFIRMED, FrozenForm, SourcesForm
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.snapshots import diff_shown, frozen_shown, snapshot_row, snapshot_shown

LISTED = 50


@require_http_methods(["GET", "POST"])
@page
def snapshots(request: HttpRequest) -> HttpResponse:
    """The snapshots and the test sets; a POST freezes another snapshot."""
    user = administrator(request)
    if request.method == "GET":
        return _listed(request)
    form = SourcesForm(request.POST)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            made = learning.snapshot_wanted(kind, sources=form.chosen(), by=user)
        except (Conflict, Refused) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The snapshot is frozen."))
            return redirect("snapshot", pk=made.pk)
    return _listed(request, refused=form)


def _listed(request: HttpRequest, *, refused: SourcesForm | None = None) -> HttpResponse:
    """Return the page; a form that was refused stands there as it was sent."""
    context = {
        "rows": [snapshot_row(one) for one in snapshot_list()[:LISTED]],
        "kinds": [_kind(kind, refused=refused) for kind in kinds_taught()],
        "form_errors": refused.errors if refused else {},
    }
    status = 422 if refused else 200
    return render(request, "training/snapshots.html", context, status=status)


def _kind(kind: str, *, refused: SourcesForm | None) -> dict[str, Any]:
    given = {"kind": kind, "sources": [CONFIRMED]}
    forms: dict[str, SourcesForm] = {
        "freeze": SourcesForm(initial=given, auto_id=f"freeze_{kind}_%s"),
        "extend": FrozenForm(initial=given, auto_id=f"extend_{kind}_%s"),
    }
    if refused and refused.data.get("kind") == kind:
        name = "extend" if isinstance(refused, FrozenForm) else "freeze"
        refused.auto_id = forms[name].auto_id
        forms[name] = refused
    return {"frozen": frozen_shown(kind, frozen_history(kind)), **forms}


@require_POST
@page
def frozen_test(request: HttpRequest) -> HttpResponse:
    """Make the test set grow."""
    user = administrator(request)
    form = FrozenForm(request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("percent", "reason")}
        try:
            kind = form.cleaned_data["kind"]
            learning.frozen_wanted(kind, sources=form.chosen(), by=user, **said)
        except (Conflict, Refused) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done = _("The test set has grown. Nothing of it is ever learned from.")
            messages.success(request, done)
            return redirect("snapshots")
    return _listed(request, refused=form)


@require_http_methods(["GET", "POST"])
@page
def snapshot(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One snapshot; a POST has it built as a file to take away."""
    user = administrator(request)
    found = snapshot_get(pk)
    if request.method == "POST":
        wish = Wish(ExportKind.SNAPSHOT, request.POST.get("format", ""), snapshot=found)
        export_requested(wish, by=user)
        messages.success(request, _("The file is being built; it appears on this page."))
        return redirect("exports")
    others = snapshot_list().filter(kind=found.kind).exclude(pk=pk)[:LISTED]
    context = {
        "shown": snapshot_shown(found, user=user),
        "others": [snapshot_row(one) for one in others],
    }
    return render(request, "training/snapshot.html", context)


@require_GET
@page
def snapshot_diff(request: HttpRequest) -> HttpResponse:
    """What tells two snapshots apart: `older` and `newer` are their ids."""
    administrator(request)
    older, newer = (snapshot_get(_id(request, name)) for name in ("older", "newer"))
    shown = diff_shown(difference(older, newer))
    return render(request, "training/snapshot_diff.html", {"shown": shown})


def _id(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError as error:
        raise Missing from error
