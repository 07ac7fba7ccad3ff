"""For supervisors and proxies: is the process alive, can it serve. Open, and without facts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from hemaqueue.pipeline.readiness import CHECKS, holds


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
    found = {name: holds(check) for name, check in CHECKS.items()}
    ready = all(found.values())
    words = {name: "ok" if passed else MISSING[name] for name, passed in found.items()}
    return JsonResponse({"ready": ready} | words, status=200 if ready else 503)


MISSING = {
    "database": "PostgreSQL does not answer.",
    "redis": "Redis does not answer.",
    "news": "No news is heard: is the dispatcher running, and the records worker?",
    "inference": "No inference worker was heard lately.",
    "model": "No worker has scored the known picture with the model that serves.",
}
