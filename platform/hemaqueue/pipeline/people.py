"""Adding sites and people from the command line. Each act leaves an event."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.accounts.roles import Role
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.common.scale import is_scale
from hemaqueue.specimens.scale import ScaleRefused


@transaction.atomic
def site_add(slug: str, *, name: str, microns_per_pixel: float | None = None) -> Site:
    """Return the site, made if it is new.

    Raises:
        ScaleRefused: no microscope gives this scale.
    """
    if microns_per_pixel is not None and not is_scale(microns_per_pixel):
        raise ScaleRefused
    facts = {"name": name, "default_microns_per_pixel": microns_per_pixel}
    site, made = Site.objects.get_or_create(slug=slug, defaults=facts)
    if made:
        audit_record("site.create", by=None, about=site, site=site.pk)
    return site


@transaction.atomic
def user_add(username: str, *, password: str, name: str = "", staff: bool = False) -> User:
    """Return the person, made if they are new. A known one keeps their password.

    Raises:
        Refused: the password is too weak.
    """
    known = User.objects.filter(username=username).first()
    if known:
        return known
    first, _, last = name.partition(" ")
    user = User(username=username, first_name=first, last_name=last, is_staff=staff)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="weak_password") from error
    user.set_password(password)
    user.save()
    audit_record("user.create", by=None, about=user, staff=staff)
    return user


@transaction.atomic
def role_give(user: User, *, site: Site, role: Role) -> Membership:
    """Let a person have one role at a site, in place of any other there."""
    membership, made = Membership.objects.update_or_create(
        user=user, site=site, defaults={"role": role}
    )
    audit_record("user.role", by=None, about=user, site=site.pk, role=role.value, new=made)
    return membership
