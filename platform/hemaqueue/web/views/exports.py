"""Taking results, a batch's counts or the audit trail away as a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import NotAllowed, Refused
from hemaqueue.common.files import file_response
from hemaqueue.exports.models import Export, ExportKind
from hemaqueue.exports.selectors import export_bytes, export_get, export_list, export_name
from hemaqueue.exports.services import Wish
from hemaqueue.exports.trail import trail_sites
from hemaqueue.pipeline.papers import export_requested
from hemaqueue.specimens.selectors import batch_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.exports import FORMS
from hemaqueue.web.people import person
from hemaqueue.web.shown.exports import exports_shown, summary_shown

LISTED = 30


@require_http_methods(["GET", "POST"])
@page
def exports(request: HttpRequest) -> HttpResponse:
    """One's exports, and the form for another one; the query string is the filter."""
    user = person(request)
    kind = _kind(request, user)
    data = request.POST if request.method == "POST" else None
    form = FORMS[kind](data, initial=request.GET.dict(), user=user)
    if form.is_valid():
        try:
            export_requested(form.wish(kind), by=user)
            messages.success(request, _("The file is being built; it appears on this page."))
            return redirect("exports")
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    context = {
        "form": form,
        "kind": kind.value,
        "may_audit": bool(trail_sites(user)),
        "may_results": bool(site_ids(user)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "exports/exports.html", context | _list(user), status=status)


def _kind(request: HttpRequest, user: User) -> ExportKind:
    """Return results or audit, whichever was asked for and is for this person."""
    if request.method == "POST" and not (site_ids(user) or trail_sites(user)):
        raise NotAllowed
    asked = request.POST.get("kind") or request.GET.get("kind")
    if asked != ExportKind.AUDIT:
        return ExportKind.RESULTS
    if not trail_sites(user):
        raise NotAllowed
    return ExportKind.AUDIT


def _list(user: User) -> dict[str, object]:
    shown = exports_shown(list(export_list(user)[:LISTED]))
    return {"exports": shown, "working": any(one.working for one in shown)}


@require_GET
@page
def export_rows(request: HttpRequest) -> HttpResponse:
    return render(request, "exports/_list.html", _list(person(request)))


@require_GET
@page
def export_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    return fetched(export_get(user, pk), by=user)


def fetched(export: Export, *, by: User) -> HttpResponse:
    """Return the file, and note who took it."""
    data = export_bytes(export)
    audit_record("export.download", by=by, about=export, file_sha256=export.file_sha256)
    media_type = export.media_type
    return file_response(data, media_type=media_type, name=export_name(export), download=True)


@require_http_methods(["GET", "POST"])
@page
def batch_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A batch in counts, on the page; as PDF or CSV in the background."""
    user = person(request)
    batch = batch_get(user, pk)
    if request.method == "POST":
        chosen = request.POST.get("format", "pdf")
        export_requested(Wish(kind=ExportKind.BATCH, format=chosen, batch=batch), by=user)
        messages.success(request, _("The file is being built; it appears on this page."))
        return redirect("exports")
    audit_record("batch.summary", by=user, about=batch)
    return render(request, "batch/summary.html", {"shown": summary_shown(batch, user=user)})
