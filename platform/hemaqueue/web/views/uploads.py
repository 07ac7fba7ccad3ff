"""The door of the browser: a form that works alone, and one file per request for the script."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import PlatformError
from hemaqueue.pipeline.counting import batches_unpacked_now
from hemaqueue.pipeline.intake import smear_accept
from hemaqueue.specimens.batches import MOST_FILES, batch_expect, batch_open
from hemaqueue.specimens.models import Batch
from hemaqueue.specimens.selectors import batch_files, batch_get, batches_unfinished
from hemaqueue.specimens.services import FileTooLarge, case_open
from hemaqueue.web.errors import page
from hemaqueue.web.forms.case_context import CaseContextForm
from hemaqueue.web.people import uploader
from hemaqueue.web.shown.batches import batch_name
from hemaqueue.web.shown.duplicates import duplicate_of
from hemaqueue.web.shown.rows import image_rows
from hemaqueue.web.views.plain_upload import is_too_large, refusal_sentence, send_all
from jobcontract.imaging import ImageRefused

UNFINISHED = 3
LONGEST_PATH = 300


@require_http_methods(["GET", "POST"])
@page
def upload(request: HttpRequest) -> HttpResponse:
    user = uploader(request)
    if request.method == "POST":
        return send_all(request, user=user)
    unfinished = batches_unfinished(user).exclude(pk__in=batches_unpacked_now())[:UNFINISHED]
    context = {
        "form": CaseContextForm(user=user),
        "unfinished": [
            {
                "name": batch_name(one),
                "url": reverse("batch_add", args=[one.pk]),
                "missing": getattr(one, "missing", 0),
            }
            for one in unfinished
        ],
    }
    return render(request, "upload/upload.html", context)


@require_http_methods(["GET"])
@page
def batch_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The upload page again, for files that join a batch."""
    user = uploader(request)
    batch = batch_get(user, pk)
    require(user, act=Act.UPLOAD, site=batch.site_id)
    first = batch.images.select_related("case", "slide__specimen").first()
    known = {"site": batch.site_id}
    if first:
        specimen, stain = first.slide.specimen.type, first.slide.stain
        known |= {"accession": first.case.accession, "specimen": specimen, "stain": stain}
        known |= {"kind": first.kind, "patient": first.case.patient}
    shown = {"name": batch_name(batch), **_addresses(batch)}
    form = CaseContextForm(user=user, initial=known)
    return render(request, "upload/upload.html", {"form": form, "batch": shown})


def _addresses(batch: Batch) -> dict[str, str]:
    names = {"files": "batch_file", "here": "batch_here", "rows": "batch_rows", "page": "batch"}
    return {key: reverse(name, args=[batch.pk]) for key, name in names.items()}


@require_POST
@page
def batch_open_here(request: HttpRequest) -> HttpResponse:
    """Open a batch for the drop zone, and its case; the files follow, one request each.

    Where a manifest names the case of every file, none is opened here.
    """
    user = uploader(request)
    form = CaseContextForm(request.POST, user=user)
    if not form.is_valid():
        return render(request, "upload/_context.html", {"form": form}, status=422)
    context = form.context()
    own_cases = request.POST.get("own_cases") == "1"
    accession = "" if own_cases else case_open(context, by=user).accession
    batch = batch_open(site=context.site, name="", by=user, expected=announced(request))
    return JsonResponse({"accession": accession, **_addresses(batch)})


@require_POST
@page
def upload_file(request: HttpRequest) -> HttpResponse:
    """One file alone: somebody is waiting for its result."""
    return _row_of(request, user=uploader(request), batch=None)


@require_POST
@page
def batch_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file of a batch."""
    user = uploader(request)
    found = batch_get(user, pk)
    if (files := announced(request)) > found.expected:
        require(user, act=Act.UPLOAD, site=found.site_id)
        batch_expect(found, files=files)
    return _row_of(request, user=user, batch=found)


@require_GET
@page
def batch_here(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which files a batch has, so that only what is missing is sent.

    Each is its name, its size and its SHA-256; a refused one is known by its name alone.
    """
    user = uploader(request)
    found = batch_get(user, pk)
    require(user, act=Act.UPLOAD, site=found.site_id)
    audit_record("batch.view", by=user, about=found)
    files = [[one.name, one.size, one.sha256] for one in batch_files(found)]
    return JsonResponse({"files": files})


def announced(request: HttpRequest) -> int:
    """Return how many files the browser says it will send in all, 0 where it does not."""
    said = request.POST.get("expected", "")
    return min(int(said), MOST_FILES * 10) if said.isdecimal() and len(said) < 8 else 0


def file_name(request: HttpRequest, file: UploadedFile[Any]) -> str:
    """Return the path of a file in the folder that was chosen, else its name."""
    path = "".join(one for one in request.POST.get("path", "") if one.isprintable())
    return path[:LONGEST_PATH] or file.name or ""


def _row_of(request: HttpRequest, *, user: User, batch: Batch | None) -> HttpResponse:
    """Take one file and answer with its row: accepted, held, or refused with sentence and code.

    What passes by itself (a full disk, a busy check) is no refusal: the file is sent again.
    """
    form = CaseContextForm(request.POST, user=user)
    files = request.FILES.getlist("file")
    if not files and is_too_large(request):
        return _refused_row(request, FileTooLarge(), name="")
    if not form.is_valid() or len(files) != 1:
        return render(request, "upload/_context.html", {"form": form}, status=422)
    name = file_name(request, files[0])
    try:
        taken = smear_accept(
            files[0].read(),
            name=name,
            context=form.context(),
            by=user,
            batch=batch,
            checksum=request.headers.get("Content-SHA256", ""),
            hold=request.POST.get("quality") != "send",
        )
    except (PlatformError, ImageRefused) as refusal:
        if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return _refused_row(request, refusal, name=name)
    if taken.is_duplicate:
        duplicate = duplicate_of(taken.image, name=name, user=user)
        return _answer(request, "duplicate", "image/_duplicate_row.html", duplicate=duplicate)
    row = image_rows([taken.image], user=user, by_file=True)[0]
    outcome = "held" if taken.image.held_at else "accepted"
    return _answer(request, outcome, "image/_row.html", row=row)


def _refused_row(
    request: HttpRequest, refusal: PlatformError | ImageRefused, *, name: str
) -> HttpResponse:
    shown = {"filename": name, "code": refusal.code, "detail": refusal_sentence(refusal)}
    return _answer(request, "refused", "image/_refused_row.html", status=422, refusal=shown)


def _answer(
    request: HttpRequest, outcome: str, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer["X-Row"] = outcome
    return answer
