"""The start page: what waits for this person, what they sent, how the queue is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.audit.services import audit_record
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.home import Home, doing, home_shown, numbers_shown
from hemaqueue.web.shown.queue import queue_shown


@require_GET
@page
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown = home_shown(user)
    audit_record("home.view", by=user, images=_listed(shown))
    return render(request, "home/home.html", {"home": shown, "numbers": shown.numbers})


def _listed(shown: Home) -> list[str]:
    return [str(row.id) for row in (*shown.needing, *shown.recent)]


@require_GET
@page
def home_numbers(request: HttpRequest) -> HttpResponse:
    """Answer the start page's poll: numbers and batches, nothing of a patient."""
    user = person(request)
    numbers = numbers_shown(user, does=doing(user), queue=queue_shown())
    return render(request, "home/_numbers.html", {"numbers": numbers})
