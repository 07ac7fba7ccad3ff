"""A batch: how far it is, what was refused, what failed; the same for everybody who looks."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
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
from hemaqueue.common.spreadsheets import inert
from hemaqueue.jobs.models import JobEvent
from hemaqueue.jobs.selectors import job_get
from hemaqueue.pipeline.bench import (
    batch_tried_again,
)
from hemaqueue.pipeline.steps import job_asked_again
from hemaqueue.specimens.models import Batch, SmearImage
from hemaqueue.specimens.selectors import batch_get, image_list
from hemaqueue.web.errors import page
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import back_to, person
from hemaqueue.web.shown.batches import batch_shown
from hemaqueue.web.shown.duplicates import batch_duplicates
from hemaqueue.web.shown.groups import failure_groups, refusal_groups
from hemaqueue.web.shown.rows import ImageRow, image_rows

CHANGED_AT_ONCE = 100
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
        "batch_id": found.pk,
        "seen": shown.counts.images,
        "rows": rows,
        "duplicates": duplicates,
        "pages": pages,
        "since": (now - OVERLAP).isoformat(),
        "refusals": refusal_groups(found),
        "failures": failure_groups(found),
    }
    return render(request, "batch/batch.html", context)


@require_GET
@page
def batch_rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The numbers, and the rows that changed since the page last asked. 204 when nothing did."""
    user = person(request)
    found = batch_get(user, pk)
    now = timezone.now()
    shown = batch_shown(found, user=user)
    since = _moment(request.GET.get("since", "")) or now - WATCHED
    changed = _changed(found, user=user, since=since, named=request.GET.getlist("image"))
    if request.GET.get("mark") == shown.mark and not changed:
        return HttpResponse(status=204)
    context = {
        "batch": shown,
        "changed": changed,
        "since": (now - OVERLAP).isoformat(),
        "watched": request.GET.get("watch"),
        "seen": (seen := _number(request.GET.get("seen", ""))),
        "new": max(0, shown.counts.images - seen) if seen is not None else 0,
    }
    return render(request, "batch/_progress.html", context)


def _changed(found: Batch, *, user: User, since: datetime, named: list[str]) -> list[ImageRow]:
    """Return the rows that moved, or those that the page has in sight and names."""
    images = image_list(user).filter(batch=found)
    rows: QuerySet[SmearImage]
    if named:
        rows = SmearImage.objects.visible_to(user).filter(batch=found).select_related("case")
        rows = rows.filter(pk__in=[pk for pk in map(_id, named[:CHANGED_AT_ONCE]) if pk])
    else:
        moved = JobEvent.objects.filter(at__gt=since, job__subject__in=images.values("pk"))
        rows = images.filter(pk__in=moved.values("job__subject"))[:CHANGED_AT_ONCE]
    return image_rows(rows, user=user, by_file=True, back=reverse("batch", args=[found.pk]))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


@require_POST
@page
def batch_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try what failed again, all of it or what has one cause; each keeps its record."""
    user = person(request)
    found, code = batch_get(user, pk), request.POST.get("code", "")
    again = batch_tried_again(found, by=user, code=code, serving=_by_serving(request))
    words = ngettext("%(n)d image waits again.", "%(n)d images wait again.", again)
    messages.success(request, words % {"n": again})
    return redirect("batch", pk=pk)


@require_POST
@page
def job_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    job = job_get(user, pk)
    try:
        job_asked_again(job, by=user, serving=_by_serving(request))
        messages.success(request, _("It waits again, with the same record."))
    except PlatformError as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, refusal.sentence)
    return redirect(back_to(request))


def _by_serving(request: HttpRequest) -> bool:
    """Say whether the version that serves now was chosen, and not the one asked first."""
    return request.POST.get("model") == "serving"


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
        writer.writerow([inert(refused.filename), refused.code, refused.detail])
    return answer
