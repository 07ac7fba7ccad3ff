"""The way in, and what allauth offers besides: an administrator looks after accounts."""

from __future__ import annotations

from datetime import timedelta

from allauth.account import views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemaqueue.audit.logins import logins_failed
from hemaqueue.common.requests import current_request

MINUTE = timedelta(minutes=1)


@login_not_required
def login(request: HttpRequest) -> HttpResponse:
    """Let people in; an address from which too many tries failed waits out a minute.

    One name is locked by axes. This is for who tries many names: it is counted in the database,
    so that nobody comes in while it is away.
    """
    if request.method == "POST" and _failed_too_often():
        answer = render(request, "account/too_often.html", status=429)
        answer["Retry-After"] = str(int(MINUTE.total_seconds()))
        return answer
    return views.login(request)


def _failed_too_often() -> bool:
    limit = settings.HEMAQUEUE["RATES"].get("login")
    return limit is not None and logins_failed(current_request().address, within=MINUTE) >= limit


@login_not_required
@require_safe
def by_administrator(request: HttpRequest, **address: str) -> HttpResponse:
    """Say who does this. Nothing is looked up, sent by mail or changed, whoever asks."""
    return render(request, "account/plain.html")
