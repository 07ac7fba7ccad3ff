"""Saying again who one is: the own password, counted like a login when it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from axes.utils import reset
from django.contrib.auth import authenticate

from hemaqueue.common.errors import PlatformError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hemaqueue.accounts.models import User


class WrongPassword(PlatformError):
    """This is not your password. Nothing was signed, and the attempt is counted."""

    code = "wrong_password"
    status = 403


class TooManyAttempts(PlatformError):
    """Your password was wrong too often, so it is locked here for 15 minutes."""

    code = "locked"
    status = 429


@dataclass(frozen=True)
class Proof:
    """That a person gave their own password a moment ago. Only `identity_confirm` makes one."""

    user: User


def identity_confirm(user: User, *, password: str, request: HttpRequest) -> Proof:
    """Return the proof that the person at `request` is `user`.

    Call it outside of a transaction: a failure is counted in the database and must stay there.

    Raises:
        WrongPassword: it is not; failures add up with those of logging in.
        TooManyAttempts: there were too many of them.
    """
    found = authenticate(request, username=user.get_username(), password=password)
    if getattr(request, "axes_locked_out", False):
        request.axes_locked_out = False  # type: ignore[attr-defined]  # the answer is ours
        raise TooManyAttempts
    if found is None or found.pk != user.pk:
        raise WrongPassword
    reset(username=user.get_username(), ip=getattr(request, "axes_ip_address", None))
    return Proof(user)
