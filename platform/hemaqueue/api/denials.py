"""Denials leave an event: who asked for what and did not get it."""

from __future__ import annotations

from typing import Any

from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_denied

NOT_LOGGED_IN, NOT_ALLOWED, NOT_FOUND = 401, 403, 404


def note_denial(status: int, *, context: dict[str, Any]) -> None:
    """Append an event when `status` says that somebody was kept out.

    A 404 counts: what was named may be another site's. A request without any credentials is
    nobody's, and leaves none: strangers cannot fill the trail.
    """
    request, named = context.get("request"), (context.get("kwargs") or {})
    if request is None or not _is_denial(status, request=request):
        return
    user = getattr(request, "_user", None)
    audit_denied(
        action_of(request),
        by=user if isinstance(user, User) else None,
        object_id=str(next(iter(named.values()), "")),
        status=status,
    )


def _is_denial(status: int, *, request: Any) -> bool:
    if status == NOT_LOGGED_IN:
        return "HTTP_AUTHORIZATION" in request.META
    return status in (NOT_ALLOWED, NOT_FOUND)


def action_of(request: Any) -> str:
    """Return `api.image.get` for the address and the method."""
    match = getattr(request, "resolver_match", None)
    name = match.url_name if match and match.url_name else "unknown"
    return f"api.{name}.{request.method.lower()}"[:60]
