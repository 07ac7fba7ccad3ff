"""Every refusal as RFC 9457 says: a stable code, a sentence, and nothing of the inside.

{type, title, status, code, detail, request_id} and, for fields, errors: [{field, code, detail}]
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.db.utils import DataError, IntegrityError
from django.http import Http404, JsonResponse
from rest_framework import exceptions

from hemaqueue.api.denials import note_denial
from hemaqueue.common.errors import Missing, NotAllowed, PlatformError
from hemaqueue.common.requests import current_request_id
from jobcontract.imaging import ImageRefused
from jobcontract.sealing import FileDamaged
from jobcontract.storage import FileMissing

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "10"
STATUSES_TO_RETRY = {503, 507}


@dataclass(frozen=True)
class Problem:
    """`advice` of an image's refusal is part of `detail`: what to do next."""

    status: int
    code: str
    detail: str
    title: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> JsonResponse:
        body: dict[str, Any] = {
            "type": f"urn:hemaqueue:problem:{self.code}",
            "title": self.title or HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": current_request_id(),
        }
        if self.errors:
            body["errors"] = self.errors
        answer = JsonResponse(body, status=self.status, content_type=MEDIA_TYPE)
        for name, value in self.headers.items():
            answer[name] = value
        if self.status in STATUSES_TO_RETRY:
            answer["Retry-After"] = RETRY_SECONDS
        return answer


NOT_FOUND = Problem(404, Missing.code, Missing().detail)
AWAY = Problem(503, "unavailable", "The database does not answer just now. Try again in a moment.")
BROKEN = Problem(500, "internal_error", "Something went wrong here. Nothing of it was recorded.")
DAMAGED = Problem(
    500, "blob_corrupt", "The stored file is damaged or gone. Tell your administrator."
)

#: The first class that fits decides.
PLAIN: tuple[tuple[type[BaseException], Problem], ...] = (
    (RequestDataTooBig, Problem(413, "body_too_large", "The request is larger than it may be.")),
    (TooManyFilesSent, Problem(400, "too_many_parts", "Send one file in each request.")),
    (TooManyFieldsSent, Problem(400, "too_many_parts", "The request has too many fields.")),
    (SuspiciousOperation, Problem(400, "malformed", "The request cannot be read.")),
    (RecursionError, Problem(400, "malformed", "The request is nested too deeply.")),
    (IntegrityError, Problem(409, "conflict", "Somebody did the same at the same time. Reload.")),
    (DataError, Problem(400, "invalid", "A value is out of the range that can be stored.")),
    (OperationalError, AWAY),
    (InterfaceError, AWAY),
    (Http404, NOT_FOUND),
    (FileDamaged, DAMAGED),
    (FileMissing, DAMAGED),
    (PermissionDenied, Problem(403, NotAllowed.code, NotAllowed().detail)),
)

CODES = {
    exceptions.ParseError: "malformed",
    exceptions.AuthenticationFailed: "invalid_token",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "throttled",
}


def problem_response(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """Return the answer to what a view raised, and note it when it was a denial.

    What nobody foresaw is left to Django, which logs it and asks `handler500`.
    """
    problem = problem_of(error)
    if problem is None:
        return None
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s: %s", problem.code, type(error).__name__)
    note_denial(problem.status, context=context)
    return problem.response()


def problem_of(error: BaseException) -> Problem | None:
    """Return what `error` means to whoever asked, None where nobody foresaw it."""
    if isinstance(error, PlatformError):
        return Problem(error.status, error.code, error.detail)
    if isinstance(error, ImageRefused):
        return Problem(error.status, error.code, error.sentence, title=error.title)
    if isinstance(error, exceptions.ValidationError):
        errors = list(field_errors(error.detail))
        return Problem(400, _first_code(errors), "Some values cannot be used.", errors=errors)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return next((problem for kind, problem in PLAIN if isinstance(error, kind)), None)


def _of_framework(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.NotFound):
        return NOT_FOUND
    if isinstance(error, exceptions.PermissionDenied):
        return Problem(403, NotAllowed.code, _csrf_words(error) or NotAllowed().detail)
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), "refused")
    headers: dict[str, str] = {}
    if said := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(said)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    detail = "The request cannot be read." if code == "malformed" else str(error.detail)
    return Problem(error.status_code, code, detail, headers=headers)


def _csrf_words(error: exceptions.APIException) -> str:
    said = str(error.detail)
    return "Send the CSRF token of your session with the request." if "CSRF" in said else ""


def field_errors(detail: Any, *, path: str = "") -> Any:
    """Yield every error below `detail` with the path of its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from field_errors(inner, path=f"{path}.{name}".strip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from field_errors(inner, path=path)
    else:
        field_name = "" if path == "non_field_errors" else path
        code = str(getattr(detail, "code", "invalid"))
        yield {"field": field_name, "code": code, "detail": str(detail)}


#: Codes that say more than "invalid", and are promised as the code of the whole answer.
TELLING = frozenset(
    {"file_missing", "one_file_expected", "site_required", "bad_cursor", "unknown_parameter"}
)


def _first_code(errors: list[dict[str, str]]) -> str:
    return next((one["code"] for one in errors if one["code"] in TELLING), "invalid")
