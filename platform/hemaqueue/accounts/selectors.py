"""Who belongs where, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.accounts.roles import Act, roles_allowing
from hemaqueue.common.errors import Missing, NotAllowed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def site_ids(user: User | AnonymousUser) -> list[UUID]:
    """Return the sites whose patients `user` may see: those of which they are a member."""
    if not user.is_authenticated or not user.is_active:
        return []
    return list(Membership.objects.filter(user=user).values_list("site_id", flat=True))


def sites_allowing(user: User, *, act: Act) -> QuerySet[Site]:
    """Return the sites at which the role of `user` includes `act`."""
    return Site.objects.filter(
        memberships__user=user, memberships__role__in=roles_allowing(act)
    ).order_by("name")


def may(user: User, *, act: Act, site: Site | UUID) -> bool:
    pk = site.pk if isinstance(site, Site) else site
    return Membership.objects.filter(user=user, site=pk, role__in=roles_allowing(act)).exists()


def require(user: User, *, act: Act, site: Site | UUID) -> None:
    """Raise NotAllowed unless the role of `user` at `site` includes `act`."""
    if not may(user, act=act, site=site):
        raise NotAllowed


def runs_installation(user: User | AnonymousUser) -> bool:
    """Say whether `user` looks after what all sites share: models and their training."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def require_installation(user: User) -> None:
    """Raise Missing unless `user` looks after the installation: for others this is not there."""
    if not runs_installation(user):
        raise Missing


def colleagues(user: User) -> QuerySet[User]:
    """Return the active people whom `user` could share a case with: all but themselves."""
    return User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("username")
