"""Cells on a picture, drawn or found: each act answers with the list as it is now."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.jobs.states import LIVE
from hemaqueue.pipeline.locating import cells_wanted, locating_job
from hemaqueue.reviews.cells import cell_add, cell_change, cell_get, cell_remove
from hemaqueue.reviews.proposed_cells import proposals_name, proposals_remove
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import case_get, image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.cells import CellForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.case_cells import case_cells_shown
from hemaqueue.web.shown.cells import cells_shown

OUTSIDE = gettext_lazy("Draw the box within the picture.")


@require_POST
@page
def image_cells(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draw one."""
    user = person(request)
    image = image_get(user, pk)
    require(user, act=Act.DECIDE, site=image.site_id)
    form = CellForm(request.POST)
    if not form.is_valid():
        return _list(request, image, user=user, status=422, said=str(OUTSIDE))
    try:
        cell_add(image, box=form.box(), label=form.cleaned_data["label"], by=user)
    except (Conflict, Refused) as refusal:
        return _list(request, image, user=user, status=refusal.status, said=refusal.sentence)
    return _list(request, image, user=user)


@require_POST
@page
def image_cell(request: HttpRequest, pk: UUID, cell: int) -> HttpResponse:
    """Change one, or take it away where the form says `act=remove`."""
    user = person(request)
    image = image_get(user, pk)
    require(user, act=Act.DECIDE, site=image.site_id)
    found = cell_get(image, cell, reader=user)
    form = CellForm(request.POST)
    if not form.is_valid():
        return _list(request, image, user=user, status=422, said=str(OUTSIDE))
    version = form.cleaned_data["version"] or 0
    try:
        if request.POST.get("act") == "remove":
            cell_remove(found, version=version, by=user)
        else:
            label = form.cleaned_data["label"]
            cell_change(found, version=version, box=form.box(), label=label, by=user)
    except (Conflict, Refused) as refusal:
        return _list(request, image, user=user, status=refusal.status, said=refusal.sentence)
    return _list(request, image, user=user)


@require_http_methods(["GET", "POST"])
@page
def image_cells_find(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST has the white cells of a field found. GET is the list again: 204 while that goes on."""
    user = person(request)
    image = image_get(user, pk)
    require(user, act=Act.DECIDE, site=image.site_id)
    if request.method == "POST":
        try:
            cells_wanted(image, by=user)
        except (Conflict, Refused) as refusal:
            return _list(request, image, user=user, status=refusal.status, said=refusal.sentence)
    elif request.headers.get("HX-Request") and _goes_on(image):
        return HttpResponse(status=204)
    return _list(request, image, user=user)


def _goes_on(image: SmearImage) -> bool:
    job = locating_job(image.pk)
    return job is not None and job.state in LIVE


@require_POST
@page
def image_proposed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name every cell that is still proposed, or take all away: `act=remove`."""
    user = person(request)
    image = image_get(user, pk)
    require(user, act=Act.DECIDE, site=image.site_id)
    try:
        if request.POST.get("act") == "remove":
            proposals_remove(image, by=user)
        else:
            proposals_name(image, label=request.POST.get("label", ""), by=user)
    except (Conflict, Refused) as refusal:
        return _list(request, image, user=user, status=refusal.status, said=refusal.sentence)
    return _list(request, image, user=user)


@require_GET
@page
def case_cells(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the cells of a case side by side; `label` names a class."""
    user = person(request)
    case = case_get(user, pk)
    audit_record("case.view_cells", by=user, about=case)
    shown = case_cells_shown(case, user=user, query=request.GET)
    labels = reverse("api:cells_archive", args=[pk])
    return render(request, "case/cells.html", {"shown": shown, "labels_url": labels})


def _list(
    request: HttpRequest, image: SmearImage, *, user: User, status: int = 200, said: str = ""
) -> HttpResponse:
    if status == 200 and not request.headers.get("HX-Request"):
        return redirect("image", pk=image.pk)
    shown = cells_shown(image, user=user, said=said)
    return render(request, "image/_cells.html", {"cells": shown}, status=status)
