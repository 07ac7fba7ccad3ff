"""API tokens: kept as a hash, narrow, ended by time or by hand, each act recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from knox.models import AuthToken

from hemaqueue.accounts.models import Site, TokenGrant, User
from hemaqueue.accounts.scopes import USUAL
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing, Refused

if TYPE_CHECKING:
    from hemaqueue.accounts.scopes import Scope

LONGEST_DAYS = 90
USE_TOLD_EVERY = timedelta(minutes=1)


class TokenTooWide(Refused):
    """A token is for one of your sites, with at least one scope, for at most 90 days."""

    code = "token_too_wide"


def token_list(user: User) -> QuerySet[AuthToken]:
    """Return the tokens of `user` that still open a door, newest first."""
    found = AuthToken.objects.filter(user=user, expiry__gt=timezone.now())
    return found.select_related("grant__site").order_by("-created")


def tokens_forget() -> int:
    """Remove the tokens that have expired, which open no door any more; return how many."""
    return AuthToken.objects.filter(expiry__lte=timezone.now()).delete()[0]


@transaction.atomic
def token_make(
    *, days: int, by: User, scopes: Sequence[Scope | str] = USUAL, site: Site | None = None
) -> tuple[AuthToken, str]:
    """Make a token; return its record and the token itself, which can be read only now.

    Raises:
        TokenTooWide: it would live too long, allow nothing, or be for a foreign site.
    """
    if not 0 < days <= LONGEST_DAYS or not scopes or (site and site.pk not in site_ids(by)):
        raise TokenTooWide
    record, token = AuthToken.objects.create(user=by, expiry=timedelta(days=days))
    names = sorted({str(scope) for scope in scopes})
    TokenGrant.objects.create(token=record, scopes=names, site=site)
    for_site = site.pk if site else None
    audit_record(
        "token.create", by=by, site=for_site, key=record.token_key, days=days, scopes=names
    )
    return record, str(token)


def token_used(grant: TokenGrant) -> None:
    """Note that a token opened a door, at most once a minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=Now() - USE_TOLD_EVERY)
    if grant.last_used_at is None or timezone.now() - grant.last_used_at > USE_TOLD_EVERY:
        TokenGrant.objects.filter(stale, pk=grant.pk).update(last_used_at=Now())


@transaction.atomic
def token_revoke(key: str, *, by: User) -> None:
    """End one of one's own tokens at once.

    Raises:
        Missing: `by` has no such token.
    """
    done, _rows = AuthToken.objects.filter(user=by, token_key=key).delete()
    if not done:
        raise Missing
    audit_record("token.revoke", by=by, key=key)
