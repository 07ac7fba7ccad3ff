"""Telling one person something inside the application. No mail, no names, no file names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from hemaqueue.notices.models import Notice, NoticeKind

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


@transaction.atomic(savepoint=False)
def notice_give(*, to: User, kind: NoticeKind, subject: UUID, **facts: Any) -> Notice:
    """Tell `to` about `subject`; what was told before is renewed, and is unseen again."""
    fresh = {"facts": facts, "at": Now(), "seen_at": None}
    notice, _ = Notice.objects.update_or_create(to=to, kind=kind, subject=subject, defaults=fresh)
    return notice


def notices_see(user: User) -> int:
    """Mark every notice of `user` as seen; return how many were news."""
    return Notice.objects.filter(to=user, seen_at=None).update(seen_at=Now())
