"""Logins, logouts, failures and lock-outs are audited where Django tells of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.functions import Now
from django.dispatch import receiver

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent, Outcome
from hemaqueue.audit.services import audit_denied, audit_record


@receiver(user_logged_in)
def logged_in(user: User, **_: Any) -> None:
    audit_record("account.login", by=user, about=user)


@receiver(user_logged_out)
def logged_out(user: User | None, **_: Any) -> None:
    if user is not None:
        audit_record("account.logout", by=user, about=user)


@receiver(user_login_failed)
def login_failed(credentials: dict[str, Any], **_: Any) -> None:
    """The name that was typed is not kept: it may be a password typed into the wrong box."""
    known = User.objects.filter(username=str(credentials.get("username", ""))).first()
    audit_record("account.login", by=None, about=known, outcome=Outcome.DENIED)


def logins_failed(address: str | None, *, within: timedelta) -> int:
    """Return how often somebody at `address` failed to log in of late, under whatever names."""
    failed = AuditEvent.objects.filter(action="account.login", outcome=Outcome.DENIED)
    return failed.filter(address=address, at__gt=Now() - within).count()


@receiver(user_locked_out)
def locked_out(username: str = "", **_: Any) -> None:
    known = User.objects.filter(username=username).first()
    audit_denied("account.locked", by=None, object_id=str(known.pk) if known else "")
