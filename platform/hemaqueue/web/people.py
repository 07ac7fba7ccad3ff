"""Who asks."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require_installation, sites_allowing
from hemaqueue.common.errors import NotAllowed


def person(request: HttpRequest) -> User:
    """Return the signed-in user. The middleware has sent everybody else to the login page."""
    if not isinstance(request.user, User):
        raise NotAllowed
    return request.user


def uploader(request: HttpRequest) -> User:
    """Return the signed-in user, who may upload at one site at least.

    Raises:
        NotAllowed: there is no such site.
    """
    user = person(request)
    if not sites_allowing(user, act=Act.UPLOAD):
        raise NotAllowed
    return user


def back_to(request: HttpRequest) -> str:
    """Return the page of this host that the form names, else the start page."""
    back = request.POST.get("next", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else reverse("home")


def administrator(request: HttpRequest) -> User:
    """Return who asks. Raises Missing unless they run the installation."""
    user = person(request)
    require_installation(user)
    return user
