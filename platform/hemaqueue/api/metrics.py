"""`/metrics`: numbers for a monitoring system. A person's login or token does not open it.

Who bears the installation's own token may read them. Where none is set, this machine may: a
request that no proxy passed on.
"""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from hemaqueue.api.problems import Problem
from hemaqueue.common.exposition import CONTENT_TYPE, exposed
from hemaqueue.pipeline.metrics import families

BEARER = "Bearer "
CLOSED = Problem(
    401,
    "token_required",
    "Metrics need the installation's own token.",
    headers={"WWW-Authenticate": "Bearer"},
)
PROXIED = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The state of the queues, the workers and the store, in Prometheus' text format."""
    if not may_read(request):
        return CLOSED.response()
    return HttpResponse(exposed(families()), content_type=CONTENT_TYPE)


def may_read(request: HttpRequest) -> bool:
    if token := settings.HEMAQUEUE["METRICS_TOKEN"]:
        given = request.headers.get("Authorization", "")
        return given.startswith(BEARER) and constant_time_compare(given[len(BEARER) :], token)
    return not any(name in request.headers for name in PROXIED) and _is_this_machine(request)


def _is_this_machine(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
