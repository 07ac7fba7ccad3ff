"""The pictures of a data set, and taking one out of what models learn from or back in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.common.files import file_response
from hemaqueue.training.dataset_selectors import dataset_get
from hemaqueue.training.pictures import picture_get, picture_list
from hemaqueue.training.withdrawing import picture_teach_again, picture_withdraw
from hemaqueue.web.errors import page
from hemaqueue.web.forms.withdrawing import PictureForm, TeachAgainForm
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.dataset_pictures import (
    WITHDRAWN,
    choices,
    picture_cell,
    picture_shown,
)
from hemaqueue.web.shown.datasets import dataset_row
from hemaqueue.web.views.pictures import JPEG, stored

AT_ONCE = 60
ACTS = {
    "image": (picture_withdraw, gettext_lazy("It teaches no model from now on.")),
    "back": (picture_teach_again, gettext_lazy("A later model may learn from it again.")),
}


@require_GET
@page
def dataset_pictures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The pictures of a set, of one class, or those that were withdrawn."""
    user, found = administrator(request), dataset_get(pk)
    label, withdrawn = request.GET.get("label"), request.GET.get("show") == WITHDRAWN
    rows = picture_list(found, label=label, withdrawn=withdrawn)
    shown, pages = page_after(rows, fields=("label", "id"), query=request.GET, size=AT_ONCE)
    audit_record("dataset.view_pictures", by=user, about=found)
    context = {
        "row": dataset_row(found),
        "choices": choices(found, label=label, withdrawn=withdrawn),
        "cells": [picture_cell(one) for one in shown],
        "pages": pages,
    }
    return render(request, "training/pictures.html", context)


@require_http_methods(["GET", "POST"])
@page
def dataset_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One picture, where it is used, and whether it teaches: that is changed with a reason."""
    user, found = administrator(request), picture_get(pk)
    form = (PictureForm if found.withdrawn_at is None else TeachAgainForm)(request.POST or None)
    if form.is_valid():
        act, done = ACTS[form.cleaned_data["scope"]]
        try:
            act(found, reason=form.cleaned_data["reason"], by=user)
        except (Refused, Conflict) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect("dataset_picture", pk=pk)
    audit_record("picture.view", by=user, about=found)
    context = {"shown": picture_shown(found), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "training/picture.html", context, status=status)


@require_GET
@page
def dataset_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The square of a list. The list itself left the event."""
    administrator(request)
    found = picture_get(pk)
    return file_response(stored(found.thumbnail_key), media_type=JPEG, name=f"{pk}-thumbnail.jpg")


@require_GET
@page
def dataset_picture_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview, at most 1,280 pixels. The page around it left the event."""
    administrator(request)
    found = picture_get(pk)
    return file_response(stored(found.preview_key), media_type=JPEG, name=f"{pk}.jpg")
