"""Refusals as pages: the sentence, the code, nothing of the inside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from hemaqueue.audit.services import audit_denied
from hemaqueue.common.asking import asking_once
from hemaqueue.common.errors import Missing, NotAllowed, PlatformError

View = Callable[..., HttpResponse]
TEMPLATES = {400: "400.html", 403: "403.html", 404: "404.html", 503: "503.html"}


def page(view: View) -> View:
    """Turn a refusal raised by a selector or a service into its page.

    What may not be seen and what does not exist give the same answer, and leave the same event.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with _asking(request):
                return view(request, *args, **kwargs)
        except (Missing, NotAllowed) as refusal:
            _note_denial(request, view=view, pk=kwargs.get("pk"))
            return fault(request, refusal)
        except PlatformError as refusal:
            return fault(request, refusal)

    return wrapped


def _asking(request: HttpRequest) -> AbstractContextManager[None]:
    """Return the context in which a view runs: one that only reads asks everything once."""
    return asking_once() if request.method == "GET" else nullcontext()


def fault(request: HttpRequest, refusal: PlatformError) -> HttpResponse:
    """Return the page of a refusal, with its sentence where a sentence gives nothing away."""
    template = TEMPLATES.get(refusal.status, "refused.html")
    return render(request, template, {"refusal": refusal}, status=refusal.status)


def _note_denial(request: HttpRequest, *, view: View, pk: Any) -> None:
    user = getattr(request, "user", None)
    audit_denied(f"page.{view.__name__}", by=user, object_id=str(pk or ""))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_fault(request: HttpRequest) -> HttpResponse:
    """Return 503 when the database does not answer, else 500: both without a word of the inside."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        answer = HttpResponse(loader.render_to_string("503.html"), status=503)
        answer["Retry-After"] = "10"
        return answer
    return HttpResponse(loader.render_to_string("500.html"), status=500)
