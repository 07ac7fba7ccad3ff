"""The start page: what waits for this person, what they sent, how the queue is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.audit.services import audit_record
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.home import home_shown


@require_GET
@page
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown = home_shown(user)
    audit_record("home.view", by=user, images=[str(row.id) for row in shown.recent])
    return render(request, "home/home.html", {"home": shown})
