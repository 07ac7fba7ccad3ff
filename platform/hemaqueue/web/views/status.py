"""How the system is: in words, with what helps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_failed, workers_present
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.chips import job_chip
from hemaqueue.web.shown.failures import failure
from hemaqueue.web.shown.status import is_well, parts_shown
from jobcontract.names import Work

FAILED_SHOWN = 20


@require_GET
@page
def status(request: HttpRequest) -> HttpResponse:
    parts = parts_shown(person(request))
    well = _("Everything runs") if is_well(parts) else _("Something needs attention")
    context = {
        "headline": well,
        "now": timezone.now(),
        "parts": parts,
        "workers": [
            {
                "name": worker.name,
                "queues": ", ".join(worker.queues),
                "processes": worker.processes,
                "at": worker.heard_at,
            }
            for worker in workers_present()
        ],
        "failed": _failed(person(request)),
    }
    return render(request, "status/status.html", context)


def _failed(user: User) -> list[dict[str, Any]]:
    return [_job(job) for job in jobs_failed(user)[:FAILED_SHOWN]]


def _job(job: Job) -> dict[str, Any]:
    is_image = job.work == Work.CLASSIFY_SMEARS
    said = failure(job, back=None)
    return {
        "word": _("Classification of an image") if is_image else _("Other work"),
        "url": reverse("image", args=[job.subject]) if is_image else "",
        "chip": job_chip(job),
        "sentence": said.sentence,
        "code": said.code,
        "at": job.finished_at,
    }
