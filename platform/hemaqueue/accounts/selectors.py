"""Who belongs where, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.accounts.roles import Act, roles_allowing
from hemaqueue.common.asking import asked_once_a_request
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.common.prepared import Given, Prepared

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

_memberships_by_user: Prepared[Membership] = Prepared(
    lambda: (
        Membership.objects.filter(user=Given("user", UUIDField()))
        .select_related("site")
        .order_by("site__name")
    )
)


def memberships_of(user: User | AnonymousUser) -> list[Membership]:
    """Return the memberships of `user` with their sites, by name.

    With a token for one site, that one alone.
    """
    site = user.bearer.site if user.is_authenticated and user.bearer else None
    return [one for one in _memberships(user.pk) if site is None or one.site_id == site]


@asked_once_a_request
def _memberships(user: UUID | None) -> list[Membership]:
    return _memberships_by_user(user=user)


def site_ids(user: User | AnonymousUser) -> list[UUID]:
    """Return the sites whose patients `user` may see: those of which they are a member."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [one.site_id for one in memberships_of(user)]


def sites_allowing(user: User, *, act: Act) -> list[Site]:
    """Return the sites at which the role of `user` includes `act`, by name."""
    if not _may_at_all(user, act=act):
        return []
    allowed = roles_allowing(act)
    return [one.site for one in memberships_of(user) if one.role in allowed]


def may(user: User, *, act: Act, site: Site | UUID) -> bool:
    pk = site.pk if isinstance(site, Site) else site
    roles = roles_allowing(act)
    held = any(one.site_id == pk and one.role in roles for one in memberships_of(user))
    return held and _may_at_all(user, act=act)


def _may_at_all(user: User, *, act: Act) -> bool:
    """Say whether the way in allows the act: no token signs, whatever it carries."""
    return act is not Act.SIGN or user.bearer is None


def site_named(slug: str) -> Site:
    """Return the site of this name, whoever asks; raise Missing for an unknown one."""
    found = Site.objects.filter(slug=slug).first()
    if found is None:
        raise Missing
    return found


def require(user: User, *, act: Act, site: Site | UUID) -> None:
    """Raise NotAllowed unless the role of `user` at `site` includes `act`."""
    if not may(user, act=act, site=site):
        raise NotAllowed


def runs_installation(user: User | AnonymousUser) -> bool:
    """Say whether `user` looks after what all sites share: models and their training."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def administrators() -> QuerySet[User]:
    """Return those who look after the installation, see `runs_installation`."""
    return User.objects.filter(is_active=True, is_staff=True).order_by("username")


def require_installation(user: User) -> None:
    """Raise Missing unless `user` looks after the installation: for others this is not there."""
    if not runs_installation(user):
        raise Missing


def colleagues(user: User) -> QuerySet[User]:
    """Return the active people whom `user` could share a case with: all but themselves."""
    return User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("username")
