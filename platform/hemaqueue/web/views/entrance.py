"""What allauth offers and nobody needs here: an administrator looks after accounts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def by_administrator(request: HttpRequest, **address: str) -> HttpResponse:
    """Say who does this. Nothing is looked up, sent by mail or changed, whoever asks."""
    return render(request, "account/plain.html")
