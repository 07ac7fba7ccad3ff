"""The door of the browser: a form that works alone, and one file per request for the script."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require, sites_allowing
from hemaqueue.common.errors import NotAllowed, PlatformError
from hemaqueue.pipeline.intake import Accepted, smear_accept
from hemaqueue.specimens.batches import batch_open
from hemaqueue.specimens.models import Batch
from hemaqueue.specimens.selectors import batch_get
from hemaqueue.specimens.services import CaseContext, case_open
from hemaqueue.web.errors import page
from hemaqueue.web.forms.case_context import CaseContextForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.batches import batch_name
from hemaqueue.web.shown.duplicates import duplicate_of
from hemaqueue.web.shown.rows import image_rows
from jobcontract.imaging import ImageRefused

NO_FILE = lazy("Choose at least one image.")


@require_http_methods(["GET", "POST"])
@page
def upload(request: HttpRequest) -> HttpResponse:
    user = _uploader(request)
    if request.method == "POST":
        return _send_all(request, user=user)
    return render(request, "upload/upload.html", {"form": CaseContextForm(user=user)})


@require_http_methods(["GET"])
@page
def batch_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The upload page again, for files that join a batch."""
    user = _uploader(request)
    batch = batch_get(user, pk)
    require(user, act=Act.UPLOAD, site=batch.site_id)
    first = batch.images.select_related("case", "slide__specimen").first()
    known = {"site": batch.site_id}
    if first:
        specimen, stain = first.slide.specimen.type, first.slide.stain
        known |= {"accession": first.case.accession, "specimen": specimen, "stain": stain}
        known |= {"kind": first.kind, "patient": first.case.patient}
    shown = {
        "name": batch_name(batch),
        "files_url": reverse("batch_file", args=[batch.pk]),
        "url": reverse("batch", args=[batch.pk]),
    }
    form = CaseContextForm(user=user, initial=known)
    return render(request, "upload/upload.html", {"form": form, "batch": shown})


@require_POST
@page
def batch_open_here(request: HttpRequest) -> HttpResponse:
    """Open a batch and its case for the drop zone; the files follow, one request each."""
    user = _uploader(request)
    form = CaseContextForm(request.POST, user=user)
    if not form.is_valid():
        return render(request, "upload/_context.html", {"form": form}, status=422)
    context = form.context()
    case = case_open(context, by=user)
    batch = batch_open(site=context.site, name="", by=user)
    return JsonResponse(
        {
            "accession": case.accession,
            "files": reverse("batch_file", args=[batch.pk]),
            "page": reverse("batch", args=[batch.pk]),
            "rows": reverse("batch_rows", args=[batch.pk]),
        }
    )


@require_POST
@page
def upload_file(request: HttpRequest) -> HttpResponse:
    """One file alone: somebody is waiting for its result."""
    return _row_of(request, user=_uploader(request), batch=None)


@require_POST
@page
def batch_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file of a batch."""
    user = _uploader(request)
    return _row_of(request, user=user, batch=batch_get(user, pk))


def _uploader(request: HttpRequest) -> User:
    user = person(request)
    if not sites_allowing(user, act=Act.UPLOAD).exists():
        raise NotAllowed
    return user


def _row_of(request: HttpRequest, *, user: User, batch: Batch | None) -> HttpResponse:
    """Take one file and answer with its row: accepted, or refused with sentence and code."""
    form = CaseContextForm(request.POST, user=user)
    files = request.FILES.getlist("file")
    if not form.is_valid() or len(files) != 1:
        return render(request, "upload/_context.html", {"form": form}, status=422)
    file = files[0]
    checksum = request.headers.get("Content-SHA256", "")
    try:
        taken = _take(file, context=form.context(), user=user, batch=batch, checksum=checksum)
    except (PlatformError, ImageRefused) as refusal:
        shown = {"filename": file.name, "code": refusal.code, "detail": _sentence(refusal)}
        answer = render(request, "image/_refused_row.html", {"refusal": shown}, status=422)
        answer["X-Row"] = "refused"
        return answer
    if taken.is_duplicate:
        duplicate = duplicate_of(taken.image, name=file.name or "", user=user)
        answer = render(request, "image/_duplicate_row.html", {"duplicate": duplicate})
        answer["X-Row"] = "duplicate"
        return answer
    row = image_rows([taken.image], user=user, by_file=True)[0]
    answer = render(request, "image/_row.html", {"row": row})
    answer["X-Row"] = "accepted"
    return answer


def _take(
    file: UploadedFile[Any],
    *,
    context: CaseContext,
    user: User,
    batch: Batch | None,
    checksum: str = "",
) -> Accepted:
    data = file.read()
    name = file.name or ""
    return smear_accept(data, name=name, context=context, by=user, batch=batch, checksum=checksum)


def _sentence(refusal: PlatformError | ImageRefused) -> str:
    advice = getattr(refusal, "advice", "")
    return f"{refusal.detail} {advice}".strip()


def _send_all(request: HttpRequest, *, user: User) -> HttpResponse:
    """Take all files of a form that was sent without JavaScript."""
    form = CaseContextForm(request.POST, user=user)
    files = request.FILES.getlist("files")
    if not form.is_valid() or not files:
        entered = {"form": form, "file_errors": [] if files else [NO_FILE]}
        return render(request, "upload/upload.html", entered, status=422)
    context = form.context()
    if len(files) == 1:
        return _send_one(request, form=form, file=files[0], user=user)
    batch = batch_open(site=context.site, name="", by=user)
    counts = Counter(_fate(file, context=context, user=user, batch=batch) for file in files)
    _summary(request, **counts)
    return redirect("batch", pk=batch.pk)


def _fate(file: UploadedFile[Any], *, context: CaseContext, user: User, batch: Batch) -> str:
    """Take a file and return what became of it: accepted, duplicates or refused."""
    try:
        taken = _take(file, context=context, user=user, batch=batch)
    except (PlatformError, ImageRefused):
        return "refused"
    return "duplicates" if taken.is_duplicate else "accepted"


def _send_one(
    request: HttpRequest, *, form: CaseContextForm, file: UploadedFile[Any], user: User
) -> HttpResponse:
    try:
        taken = _take(file, context=form.context(), user=user, batch=None)
    except (PlatformError, ImageRefused) as refusal:
        sentence = f"{_('Refused')}: {_sentence(refusal)} ({refusal.code})"
        context = {"form": form, "file_errors": [sentence]}
        return render(request, "upload/upload.html", context, status=422)
    if taken.is_duplicate:
        words = _("The same picture is here already, in case %s; this is its result.")
        messages.info(request, words % taken.image.case.accession)
    return redirect("image", pk=taken.image.pk)


def _summary(
    request: HttpRequest, *, accepted: int = 0, duplicates: int = 0, refused: int = 0
) -> None:
    """Say of every file what became of it; no line is there for what did not happen."""
    if accepted:
        words = ngettext("%(n)d image received.", "%(n)d images received.", accepted)
        messages.success(request, words % {"n": accepted})
    if duplicates:
        words = ngettext(
            "%(n)d image is here already.", "%(n)d images are here already.", duplicates
        )
        messages.info(request, words % {"n": duplicates})
    if refused:
        words = ngettext("%(n)d file refused.", "%(n)d files refused.", refused)
        messages.warning(request, words % {"n": refused})
