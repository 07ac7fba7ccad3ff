"""API tokens: kept as a hash, ended by time or by hand, each act recorded."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from knox.models import AuthToken

from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing


def token_list(user: User) -> QuerySet[AuthToken]:
    """Return the tokens of `user` that still open a door, newest first."""
    found = AuthToken.objects.filter(user=user, expiry__gt=timezone.now())
    return found.order_by("-created")


def tokens_forget() -> int:
    """Remove the tokens that have expired, which open no door any more; return how many."""
    return AuthToken.objects.filter(expiry__lte=timezone.now()).delete()[0]


@transaction.atomic
def token_make(*, days: int, by: User) -> tuple[AuthToken, str]:
    """Make a token; return its record and the token itself, which can be read only now."""
    record, token = AuthToken.objects.create(user=by, expiry=timedelta(days=days))
    audit_record("token.create", by=by, key=record.token_key, days=days)
    return record, str(token)


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
