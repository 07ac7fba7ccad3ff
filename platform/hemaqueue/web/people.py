"""Who asks."""

from __future__ import annotations

from django.http import HttpRequest

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import NotAllowed


def person(request: HttpRequest) -> User:
    """Return the signed-in user. The middleware has sent everybody else to the login page."""
    if not isinstance(request.user, User):
        raise NotAllowed
    return request.user
