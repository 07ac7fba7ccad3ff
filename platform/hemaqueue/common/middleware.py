"""What is added to every request and every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from ipware import get_client_ip

from hemaqueue.common.asking import answering_request
from hemaqueue.common.requests import set_request

Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives every request an id: it is in the logs, the audit trail and every problem body."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address, _ = get_client_ip(request)
        facts = set_request(address=address)
        with answering_request():
            response = self.get_response(request)
        response["X-Request-ID"] = facts.id
        return response


class PagesCompressedMiddleware(GZipMiddleware):
    """Sends pages compressed, a tenth of their bytes; Django pads them against BREACH.

    Pictures are small already, and what scripts read bears tags that must not change. Style sheets
    and scripts come compressed from where they were collected; a demo collects none.
    """

    KINDS = frozenset({"text/html", "text/css", "text/javascript"})

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        kind = response.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if kind in self.KINDS else response


class PrivacyHeadersMiddleware:
    """Nothing that needs a login may be kept by a browser or a proxy."""

    PERMISSIONS = "camera=(), microphone=(), geolocation=(), browsing-topics=()"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", self.PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
