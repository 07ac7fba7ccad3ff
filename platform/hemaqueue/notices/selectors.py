"""Reading notices: everybody reads their own."""

from __future__ import annotations

from django.db.models import QuerySet

from hemaqueue.accounts.models import User
from hemaqueue.notices.models import Notice


def notice_list(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user).order_by("-at", "-id")


def notices_unseen(user: User) -> int:
    """Return how many notices `user` has not seen."""
    return Notice.objects.filter(to=user, seen_at=None).count()
