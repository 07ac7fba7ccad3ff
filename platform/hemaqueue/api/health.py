"""For supervisors and proxies: is the process alive, can it serve. Open, and without facts."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from hemaqueue.jobs.selectors import queue_truth
from hemaqueue.pipeline.dispatcher import news_is_heard
from hemaqueue.pipeline.proving import is_proved


@require_safe
@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything an upload needs to become a result is there; 503 says what is not.

    The last proof is a result itself: a worker that is still there scored the known picture with
    each model that serves, over the queue, within the last hour.
    """
    found = {name: _holds(check) for name, check in CHECKS.items()}
    ready = all(found.values())
    words = {name: "ok" if holds else MISSING[name] for name, holds in found.items()}
    return JsonResponse({"ready": ready} | words, status=200 if ready else 503)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, RedisError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _redis() -> bool:
    url = settings.HEMAQUEUE["REDIS_URL"]
    with Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
        return bool(client.ping())


def _inference() -> bool:
    return not queue_truth().is_paused


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "news": news_is_heard,
    "inference": _inference,
    "model": is_proved,
}

MISSING = {
    "database": "PostgreSQL does not answer.",
    "redis": "Redis does not answer.",
    "news": "No news is heard: is the dispatcher running, and the records worker?",
    "inference": "No inference worker was heard lately.",
    "model": "No worker has scored the known picture with the model that serves.",
}
