"""Django's own refusals below /api/: unknown addresses, unreadable requests, what broke."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse

from hemaqueue.api.problems import BROKEN, NOT_FOUND, Problem, problem_of

PREFIX = "/api/"
SHORT = ("/upload", "/predict", "/report", "/livez", "/readyz", "/metrics")


def is_for_scripts(request: HttpRequest) -> bool:
    """Say whether this address belongs to the interface, so that its refusals are problems."""
    path = request.path
    return path.startswith(PREFIX) or path in SHORT or path.startswith("/report/")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    unreadable = Problem(400, "malformed", "The request cannot be read.")
    found = problem_of(exception) if isinstance(exception, BaseException) else None
    return (found or unreadable).response()


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return Problem(403, "not_allowed", "You may not do this.").response()


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return NOT_FOUND.response()


def broken(request: HttpRequest) -> HttpResponse:
    """Return 503 when the database does not answer, else 500; the log has the rest."""
    error = sys.exc_info()[1]
    found = problem_of(error) if error else None
    return (found if found and found.status == 503 else BROKEN).response()
