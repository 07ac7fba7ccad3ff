"""Every address of the platform. Each has a row in the access table of the tests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views import defaults

from hemaqueue.api import handlers
from hemaqueue.web.errors import server_fault

urlpatterns = [
    path("account/", include("hemaqueue.web.account_urls")),
    path("api/v1/", include("hemaqueue.api.urls")),
    path("", include("hemaqueue.api.short_urls")),
    path("", include("hemaqueue.web.urls")),
]


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    answer = handlers.bad_request if handlers.is_for_scripts(request) else defaults.bad_request
    return answer(request, exception)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    scripts = handlers.is_for_scripts(request)
    answer = handlers.forbidden if scripts else defaults.permission_denied
    return answer(request, exception)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    answer = handlers.not_found if handlers.is_for_scripts(request) else defaults.page_not_found
    return answer(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    return handlers.broken(request) if handlers.is_for_scripts(request) else server_fault(request)
