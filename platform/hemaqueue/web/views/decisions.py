"""The clinician's word on an image: a first read, a decision, and taking one back."""

from __future__ import annotations

import time
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.asking import asking_once
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.reviews.first_reads import first_read_record, prediction_shown
from hemaqueue.reviews.reading import require_reading
from hemaqueue.reviews.services import NoteMissing, ReasonMissing, decision_record
from hemaqueue.reviews.undoing import UndoExpired, decision_undo
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.decision import DecisionForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.neighbours import beside
from hemaqueue.web.shown.panel import OPENED, panel
from hemaqueue.web.shown.result import result_page
from hemaqueue.web.shown.walking import Walk
from hemaqueue.web.views.images import screen

LONGEST_READ = 3600  # seconds; a page left open overnight is no reading time
FIELDS = {ReasonMissing: "reason", NoteMissing: "note"}


@require_POST
@page
def image_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = image_get(user, pk)
    require_reading(user, case=found.case)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form=form, status=422)
    walk = Walk.of(request)
    with asking_once():
        onward = beside(found, user=user, walk=walk).onward
    try:
        verdict = form.verdict(seconds=_seconds(request))
        decision_record(found, verdict=verdict, by=user)
    except Conflict as stale:
        return _again(request, found, form=form, status=409, conflict=stale.sentence)
    except Refused as refusal:
        form.add_error(FIELDS.get(type(refusal)), refusal.sentence)
        return _again(request, found, form=form, status=422)
    if walk.queue and not onward:
        return _ended(request, walk)
    return _onwards(request, onward or reverse("image", args=[pk]), user=user)


@require_POST
@page
def image_first_read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what the reader sees; the page then shows what the model says."""
    user = person(request)
    found = image_get(user, pk)
    require(user, act=Act.DECIDE, site=found.site_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form=form, status=422)
    said = form.verdict(seconds=_seconds(request))
    try:
        first_read_record(
            found, choice=said.choice, label=said.label, seconds=said.seconds, by=user
        )
    except Conflict as stale:
        return _again(request, found, form=form, status=409, conflict=stale.sentence)
    return _onwards(request, Walk.of(request).image_url(pk), user=user)


@require_POST
@page
def image_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = image_get(user, pk)
    try:
        decision_undo(found, stamp=request.POST.get("stamp", ""), by=user)
    except UndoExpired as late:
        if not request.headers.get("HX-Request"):
            raise
        return render(request, "image/_expired.html", {"said": late.sentence}, status=late.status)
    return _onwards(request, Walk.of(request).image_url(pk), user=user)


def _again(
    request: HttpRequest, found: SmearImage, *, form: DecisionForm, status: int, conflict: str = ""
) -> HttpResponse:
    """Show the panel again with what was entered and what stands in the way."""
    user = person(request)
    said = prediction_shown(found, reader=user)
    walk = Walk.of(request)
    shown = panel(found, user=user, prediction=said, form=form, conflict=conflict, walk=walk)
    if request.headers.get("HX-Request"):
        answer = render(request, "image/_decision.html", {"panel": shown}, status=status)
        answer["HX-Retarget"] = "#decision"
        return answer
    whole = result_page(found, user=user, decision=shown, walk=walk)
    return render(request, "image/image.html", {"result": whole}, status=status)


def _onwards(request: HttpRequest, url: str, *, user: User) -> HttpResponse:
    """Show the page at `url` now, to a script as the part of the page that changes."""
    if not request.headers.get("HX-Request"):
        return redirect(url)
    return screen(request, image_get(user, resolve(urlsplit(url).path).kwargs["pk"]), user=user)


def _ended(request: HttpRequest, walk: Walk) -> HttpResponse:
    """Go back to the worklist: nothing is left of the queue that the reader worked through."""
    messages.success(request, _("Recorded. Nothing else is left to read in this queue."))
    if not request.headers.get("HX-Request"):
        return redirect(walk.leave_url)
    answer = HttpResponse()
    answer["HX-Redirect"] = walk.leave_url
    return answer


def _seconds(request: HttpRequest) -> float | None:
    """Return how long the picture was in sight, at most since its page was made.

    None where the page says nothing, or was left open. A browser without scripts sends no time
    of its own: then it is the time since the page was made.
    """
    try:
        made = signing.loads(request.POST.get("opened", ""), salt=OPENED, max_age=LONGEST_READ)
    except signing.BadSignature:
        return None
    since = max(0.0, round(time.time() - float(made), 1))
    try:
        return min(since, max(0.0, round(float(request.POST["seconds"]), 1)))
    except (KeyError, ValueError):
        return since
