"""A batch: how far it is, what was refused, what failed; the same for everybody who looks."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import PlatformError
from hemaqueue.common.files import file_response
from hemaqueue.jobs.models import JobEvent
from hemaqueue.jobs.selectors import job_get
from hemaqueue.pipeline.steps import job_asked_again
from hemaqueue.specimens.models import Batch
from hemaqueue.specimens.selectors import batch_get, image_list
from hemaqueue.web.errors import page
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import person
from hemaqueue.web.shown.batches import batch_jobs_failed, batch_shown
from hemaqueue.web.shown.duplicates import DUPLICATE, batch_duplicates
from hemaqueue.web.shown.rows import ImageRow, image_rows
from jobcontract.imaging import REFUSALS

CHANGED_AT_ONCE = 100
FILES_NAMED = 8
WATCHED = timedelta(seconds=6)  # the upload page asks every two seconds, from outside the answer
OVERLAP = timedelta(seconds=2)  # the database's clock and this one need not agree


@require_GET
@page
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = batch_get(user, pk)
    now = timezone.now()
    shown = batch_shown(found, user=user)
    images, pages = page_after(
        image_list(user).filter(batch=found), fields=("uploaded_at", "id"), query=request.GET
    )
    duplicates = batch_duplicates(found, user=user)
    listed = [one.pk for one in images] + [one.image for one in duplicates if one.image]
    audit_record("batch.view", by=user, about=found, images=[str(pk) for pk in listed])
    rows = image_rows(images, user=user, paused=shown.queue.paused, by_file=True, back=request.path)
    context = {
        "batch": shown,
        "seen": shown.images,
        "rows": rows,
        "duplicates": duplicates,
        "pages": pages,
        "since": (now - OVERLAP).isoformat(),
    }
    return render(request, "batch/batch.html", context | {"refusals": _refusals(found)})


@require_GET
@page
def batch_rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The numbers, and the rows that changed since the page last asked. 204 when nothing did."""
    user = person(request)
    found = batch_get(user, pk)
    now = timezone.now()
    shown = batch_shown(found, user=user)
    since = _moment(request.GET.get("since", "")) or now - WATCHED
    changed = _changed(found, user=user, since=since)
    if request.GET.get("mark") == shown.mark and not changed:
        return HttpResponse(status=204)
    context = {
        "batch": shown,
        "changed": changed,
        "since": (now - OVERLAP).isoformat(),
        "watched": request.GET.get("watch"),
        "seen": (seen := _number(request.GET.get("seen", ""))),
        "new": max(0, shown.images - seen) if seen is not None else 0,
    }
    return render(request, "batch/_progress.html", context)


def _changed(found: Batch, *, user: User, since: datetime) -> list[ImageRow]:
    images = image_list(user).filter(batch=found)
    moved = JobEvent.objects.filter(at__gt=since, job__subject__in=images.values("pk"))
    subjects = moved.values("job__subject")
    rows = images.filter(pk__in=subjects)[:CHANGED_AT_ONCE]
    return image_rows(rows, user=user, by_file=True, back=reverse("batch", args=[found.pk]))


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _refusals(found: Batch) -> list[dict[str, Any]]:
    """Return the refused files, grouped by what was wrong with them."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for refused in found.refused.exclude(code=DUPLICATE):
        groups[refused.code, refused.detail].append(refused.filename)
    return [
        {
            "code": code,
            "detail": detail,
            "advice": REFUSALS[code].advice if code in REFUSALS else "",
            "count": len(names),
            "files": _named(names),
        }
        for (code, detail), names in groups.items()
    ]


def _named(names: list[str]) -> str:
    more = len(names) - FILES_NAMED
    listed = ", ".join(names[:FILES_NAMED])
    return _("%(names)s and %(n)d more") % {"names": listed, "n": more} if more > 0 else listed


@require_POST
@page
def batch_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try everything of the batch that failed again; each keeps its record."""
    user = person(request)
    found = batch_get(user, pk)
    again = 0
    for job in batch_jobs_failed(found):
        job_asked_again(job, by=user)
        again += 1
    words = ngettext("%(n)d image waits again.", "%(n)d images wait again.", again)
    messages.success(request, words % {"n": again})
    return redirect("batch", pk=pk)


@require_POST
@page
def job_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    job = job_get(user, pk)
    try:
        job_asked_again(job, by=user)
        messages.success(request, _("It waits again, with the same record."))
    except PlatformError as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, refusal.detail)
    back = request.POST.get("next", "")
    safe = back.startswith("/") and not back.startswith("//")
    return redirect(back if safe else "home")


@require_GET
@page
def batch_refusals(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The refused files as CSV; cells that a spreadsheet would run are made inert."""
    user = person(request)
    found = batch_get(user, pk)
    audit_record("batch.export_refusals", by=user, about=found)
    answer = file_response(
        b"", media_type="text/csv", name=f"{found.pk}-refused.csv", download=True
    )
    writer = csv.writer(answer)
    writer.writerow(["file", "code", "reason"])
    for refused in found.refused.all():
        writer.writerow([_inert(refused.filename), refused.code, refused.detail])
    return answer


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell
