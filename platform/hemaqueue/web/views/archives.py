"""ZIP files and manifests by browser: looked over first, and unpacked in the background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.common.errors import NotAllowed, PlatformError
from hemaqueue.common.files import file_response
from hemaqueue.pipeline.archives import ManifestRefused, archive_judge, archive_submitted
from hemaqueue.specimens import zips
from hemaqueue.specimens.manifests import TEMPLATE, manifest_read
from hemaqueue.specimens.matching import Match, manifest_match
from hemaqueue.specimens.models import Batch
from hemaqueue.specimens.receiving import (
    ROOM_FOR_FIELDS,
    ArchiveBodyTooLarge,
    ArchiveHandler,
    SealedArchive,
)
from hemaqueue.specimens.services import require_room
from hemaqueue.web.errors import page
from hemaqueue.web.forms.case_context import CaseContextForm
from hemaqueue.web.people import uploader
from hemaqueue.web.shown.manifests import manifest_shown


@csrf_exempt  # the inner view checks it: the token is read with the body, and that needs handlers
@require_POST
@page
def upload_zip(request: HttpRequest) -> HttpResponse:
    """Take a ZIP file, sealed while it arrives."""
    uploader(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > zips.MOST_BYTES + ROOM_FOR_FIELDS:
        raise ArchiveBodyTooLarge
    require_room()
    request.upload_handlers = [ArchiveHandler(request)]
    return _zip(request)


@csrf_protect
def _zip(request: HttpRequest) -> HttpResponse:
    user = uploader(request)
    form = CaseContextForm(request.POST, user=user)
    file = request.FILES.get("file")
    if not isinstance(file, SealedArchive):
        return _refused(request, form=form, errors=[_("Choose a ZIP file.")])
    try:
        if not form.is_valid():
            return _refused(request, form=form, errors=[_("Look at the fields of the case.")])
        batch = _submitted(request, form=form, file=file, user=user)
    except ManifestRefused as refusal:
        return _refused(request, form=form, match=refusal.match)
    except NotAllowed:
        raise
    except PlatformError as refusal:
        return _refused(request, form=form, errors=[f"{refusal.sentence} ({refusal.code})"])
    finally:
        file.discard_unless_used()
    if request.headers.get("HX-Request"):
        return JsonResponse({"page": reverse("batch", args=[batch.pk])})
    return redirect("batch", pk=batch.pk)


def _submitted(
    request: HttpRequest, *, form: CaseContextForm, file: SealedArchive, user: User
) -> Batch:
    context = form.context()
    manifest = next((one.read() for one in request.FILES.getlist("manifest")), None)
    size = file.size or 0
    judged = archive_judge(file.archive, size=size, site=context.site, manifest=manifest)
    hold = request.POST.get("quality") != "send"
    return archive_submitted(judged, context=context, name="", hold=hold, by=user)[0]


def _refused(
    request: HttpRequest,
    *,
    form: CaseContextForm,
    errors: Sequence[str] = (),
    match: Match | None = None,
) -> HttpResponse:
    shown = manifest_shown(match) if match else None
    context: dict[str, Any] = {"form": form, "file_errors": errors, "manifest": shown}
    if request.headers.get("HX-Request"):
        html = render_to_string("upload/_manifest.html", context, request)
        return JsonResponse({"html": html}, status=422)
    return render(request, "upload/upload.html", context, status=422)


@require_http_methods(["GET", "POST"])
@page
def manifest(request: HttpRequest) -> HttpResponse:
    """The dry run: what a manifest would do, and what of it does not fit. Nothing is saved."""
    user = uploader(request)
    sites = sites_allowing(user, act=Act.UPLOAD)
    context: dict[str, Any] = {"sites": sites}
    if request.method == "POST":
        context |= _dry_run(request, sites=sites)
    if not request.headers.get("HX-Request"):
        status = 422 if context.get("file_errors") else 200
        return render(request, "upload/manifest.html", context, status=status)
    html = render_to_string("upload/_manifest.html", context, request)
    answer = {"html": html, "clean": context.get("clean", False), "rows": context.get("rows", {})}
    return JsonResponse(answer)


def _dry_run(request: HttpRequest, *, sites: Any) -> dict[str, Any]:
    file = request.FILES.get("manifest")
    site = next((one for one in sites if str(one.pk) == request.POST.get("site")), sites[0])
    if file is None:
        return {"file_errors": [_("Choose a CSV file.")]}
    try:
        return _looked_over(file.read(), names=request.POST.get("names", ""), site=site)
    except PlatformError as refusal:
        return {"file_errors": [f"{refusal.sentence} ({refusal.code})"]}


def _looked_over(data: bytes, *, names: str, site: Site) -> dict[str, Any]:
    read = manifest_read(data)
    files = [name for name in names.splitlines() if name] or [row.filename for row in read.rows]
    match = manifest_match(read, files=files, site=site)
    rows = {name: row.values for name, row in match.rows.items()}
    return {"manifest": manifest_shown(match), "clean": match.is_clean, "rows": rows}


@require_GET
@page
def manifest_template(request: HttpRequest) -> HttpResponse:
    """An empty manifest, with the names of its columns."""
    uploader(request)
    data = b"\xef\xbb\xbf" + TEMPLATE.encode()
    return file_response(data, media_type="text/csv", name="manifest.csv", download=True)
