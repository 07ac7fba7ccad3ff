"""Drawing cells on a picture: each act answers with the list as it is now."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.reviews.cells import cell_add, cell_change, cell_get, cell_remove
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.cells import CellForm
from hemaqueue.web.people import person
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


def _list(
    request: HttpRequest, image: SmearImage, *, user: User, status: int = 200, said: str = ""
) -> HttpResponse:
    if status == 200 and not request.headers.get("HX-Request"):
        return redirect("image", pk=image.pk)
    shown = cells_shown(image, user=user, said=said)
    return render(request, "image/_cells.html", {"cells": shown}, status=status)
