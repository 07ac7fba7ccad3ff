"""Data sets from outside: sent as a ZIP, looked over, named, imported in the background."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from hemaqueue.common.errors import Missing, NotAllowed, PlatformError
from hemaqueue.pipeline import learning
from hemaqueue.specimens import zips
from hemaqueue.specimens.receiving import (
    ROOM_FOR_FIELDS,
    ArchiveBodyTooLarge,
    ArchiveHandler,
    SealedArchive,
)
from hemaqueue.specimens.services import require_room
from hemaqueue.training.dataset_selectors import dataset_get, dataset_list
from hemaqueue.training.models import Dataset
from hemaqueue.web.errors import page
from hemaqueue.web.forms.datasets import DatasetForm, NamesForm
from hemaqueue.web.people import administrator
from hemaqueue.web.shown.datasets import dataset_row, dataset_shown

LISTED = 50


@require_GET
@page
def datasets(request: HttpRequest) -> HttpResponse:
    administrator(request)
    return _listed(request, form=DatasetForm())


def _listed(
    request: HttpRequest, *, form: DatasetForm, errors: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    rows = [dataset_row(one) for one in dataset_list()[:LISTED]]
    context = {"rows": rows, "form": form, "file_errors": errors}
    return render(request, "training/datasets.html", context, status=status)


@csrf_exempt  # the inner view checks it: the token is read with the body, and that needs handlers
@require_POST
@page
def dataset_zip(request: HttpRequest) -> HttpResponse:
    """Take a ZIP file, sealed while it arrives, and look it over."""
    administrator(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > zips.MOST_BYTES + ROOM_FOR_FIELDS:
        raise ArchiveBodyTooLarge
    require_room()
    request.upload_handlers = [ArchiveHandler(request)]
    return _zip(request)


@csrf_protect
def _zip(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    form, file = DatasetForm(request.POST), request.FILES.get("file")
    if not isinstance(file, SealedArchive):
        return _listed(request, form=form, errors=(_("Choose a ZIP file."),), status=422)
    try:
        if not form.is_valid():
            return _listed(request, form=form, status=422)
        found = learning.dataset_received(file, by=user, **form.cleaned_data)
    except (Missing, NotAllowed):
        raise
    except PlatformError as refusal:
        said = f"{refusal.sentence} ({refusal.code})"
        return _listed(request, form=form, errors=(said,), status=422)
    finally:
        file.discard_unless_used()
    return redirect("dataset", pk=found.pk)


@require_GET
@page
def dataset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was found in a set, how far its import is, and what came of it."""
    administrator(request)
    found = dataset_get(pk)
    live = bool(found.job and not found.job.finished_at)
    if request.headers.get("HX-Request"):
        answer = render(request, "training/_dataset.html", _context(found, live=live))
        if not live:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "training/dataset.html", _context(found, live=live))


def _context(found: Dataset, *, live: bool) -> dict[str, Any]:
    over = found.job or found.ended_at or found.from_folder
    form = None if over else NamesForm(dataset=found)
    return {"shown": dataset_shown(found), "form": form, "live": live}


@require_POST
@page
def dataset_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    found = dataset_get(pk)
    form = NamesForm(request.POST, dataset=found)
    if not found.job and not form.is_valid():
        context = _context(found, live=False) | {"form": form}
        return render(request, "training/dataset.html", context, status=422)
    learning.dataset_wanted(found, names=None if found.job else form.chosen(), by=user)
    messages.success(request, _("The pictures are being imported. You can close this page."))
    return redirect("dataset", pk=pk)


@require_POST
@page
def dataset_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = administrator(request)
    learning.dataset_thrown_away(dataset_get(pk), by=user)
    messages.success(request, _("The data set was thrown away; nothing of it was imported."))
    return redirect("datasets")
