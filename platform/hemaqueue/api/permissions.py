"""Closed by default: a view that says nothing opens to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.accounts.visibility import shared_case_ids
from hemaqueue.api.scopes import require_scope

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """Nobody may."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class IsMember(BasePermission):
    """A member of any site, or a guest with whom a case was shared; with a token, in its scope.

    What they then see is up to `visible_to`, and what they may do to `require`.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            return False
        if hasattr(view, str(request.method).lower()):  # what is no method here is 405
            require_scope(request, user.bearer)
        return bool(site_ids(user) or shared_case_ids(user))
