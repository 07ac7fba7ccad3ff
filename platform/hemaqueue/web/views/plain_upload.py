"""The upload form without a script: all files in one request, a manifest looked over first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from hemaqueue.accounts.models import Site, User
from hemaqueue.common.errors import PlatformError
from hemaqueue.common.told import advised
from hemaqueue.pipeline.intake import smear_accept
from hemaqueue.specimens.batches import batch_open
from hemaqueue.specimens.manifests import ManifestRow, manifest_read
from hemaqueue.specimens.matching import Match, manifest_match
from hemaqueue.specimens.models import Batch
from hemaqueue.specimens.services import CaseContext
from hemaqueue.web.forms.case_context import CaseContextForm
from hemaqueue.web.shown.manifests import manifest_shown
from jobcontract.imaging import ImageRefused

NO_FILE = lazy("Choose at least one image.")
TOO_MUCH = lazy("The files are larger than 64 MiB together. Send fewer at a time, or crop them.")
if TYPE_CHECKING:
    Files = list[UploadedFile[Any]]


def refusal_sentence(refusal: PlatformError | ImageRefused) -> str:
    return advised(refusal.detail, code=refusal.code)


def is_too_large(request: HttpRequest) -> bool:
    """Say whether the body was larger than what is kept of one: then its files were let go."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return said.isdecimal() and int(said) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def send_all(request: HttpRequest, *, user: User) -> HttpResponse:
    """Take all files of a form that was sent without JavaScript."""
    form = CaseContextForm(request.POST, user=user)
    files = request.FILES.getlist("files")
    if not form.is_valid() or not files:
        missing = TOO_MUCH if is_too_large(request) else NO_FILE
        return _again(request, form=form, file_errors=[] if files else [missing])
    context = form.context()
    try:
        match = _match(request, files=files, site=context.site)
    except PlatformError as refusal:
        return _again(request, form=form, file_errors=[f"{refusal.detail} ({refusal.code})"])
    if match and not match.is_clean:
        return _again(request, form=form, manifest=manifest_shown(match))
    rows = match.rows if match else {}
    if len(files) == 1:
        said = _context(files[0], rows=rows, usual=context)
        return _send_one(request, form=form, file=files[0], context=said, user=user)
    batch = batch_open(site=context.site, name="", by=user, expected=len(files))
    counts = Counter(
        _fate(file, context=_context(file, rows=rows, usual=context), user=user, batch=batch)
        for file in files
    )
    _summary(request, **counts)
    return redirect("batch", pk=batch.pk)


def _again(request: HttpRequest, **shown: Any) -> HttpResponse:
    return render(request, "upload/upload.html", shown, status=422)


def _match(request: HttpRequest, *, files: Files, site: Site) -> Match | None:
    manifest = next(iter(request.FILES.getlist("manifest")), None)
    if manifest is None:
        return None
    names = [file.name or "" for file in files]
    return manifest_match(manifest_read(manifest.read()), files=names, site=site)


def _context(
    file: UploadedFile[Any], *, rows: dict[str, ManifestRow], usual: CaseContext
) -> CaseContext:
    row = rows.get(file.name or "")
    return row.context(usual) if row else usual


def _fate(file: UploadedFile[Any], *, context: CaseContext, user: User, batch: Batch) -> str:
    """Take a file and return what became of it: accepted, held, duplicates or refused."""
    name = file.name or ""
    try:
        taken = smear_accept(
            file.read(), name=name, context=context, by=user, batch=batch, hold=True
        )
    except (PlatformError, ImageRefused):
        return "refused"
    if taken.is_duplicate:
        return "duplicates"
    return "held" if taken.image.held_at else "accepted"


def _send_one(
    request: HttpRequest,
    *,
    form: CaseContextForm,
    file: UploadedFile[Any],
    context: CaseContext,
    user: User,
) -> HttpResponse:
    try:
        taken = smear_accept(file.read(), name=file.name or "", context=context, by=user, hold=True)
    except (PlatformError, ImageRefused) as refusal:
        sentence = f"{_('Refused')}: {refusal_sentence(refusal)} ({refusal.code})"
        return _again(request, form=form, file_errors=[sentence])
    if taken.is_duplicate:
        words = _("The same picture is here already, in case %s; this is its result.")
        messages.info(request, words % taken.image.case.accession)
    return redirect("image", pk=taken.image.pk)


def _summary(
    request: HttpRequest, *, accepted: int = 0, held: int = 0, duplicates: int = 0, refused: int = 0
) -> None:
    """Say of every file what became of it; no line is there for what did not happen."""
    if accepted:
        words = ngettext("%(n)d image received.", "%(n)d images received.", accepted)
        messages.success(request, words % {"n": accepted})
    if held:
        words = ngettext("%(n)d poor image is held.", "%(n)d poor images are held.", held)
        messages.warning(request, words % {"n": held})
    if duplicates:
        words = ngettext(
            "%(n)d image is here already.", "%(n)d images are here already.", duplicates
        )
        messages.info(request, words % {"n": duplicates})
    if refused:
        words = ngettext("%(n)d file refused.", "%(n)d files refused.", refused)
        messages.warning(request, words % {"n": refused})
