"""Reading and checking the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.audit.chain import BEGINNING, link
from hemaqueue.audit.models import AuditEvent, AuditSeal

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


def audit_search(user: User) -> QuerySet[AuditEvent]:
    """Return the events an administrator may search: those of their sites, newest first.

    Denials and logins belong to no site; the installation's staff see them as well.
    """
    rule = Q(site__in=sites_allowing(user, act=Act.SEARCH_AUDIT))
    if user.is_staff:
        rule |= Q(site=None)
    return AuditEvent.objects.filter(rule).select_related("actor", "site").order_by("-id")


@dataclass(frozen=True)
class Verification:
    """What `audit_verify` found. `broken_at` is the position of the first false link."""

    sealed: int
    unsealed: int
    oldest_unsealed: datetime | None
    head: str
    broken_at: int | None

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def audit_verify() -> Verification:
    """Recompute the chain from its beginning: altered, deleted or inserted events show.

    Cut-off tails do not show here; compare `head` with an earlier, external note of it.
    """
    before, count, broken = BEGINNING, 0, None
    for seal in AuditSeal.objects.select_related("event").order_by("position").iterator(2000):
        before = link(before, seal.event)
        if seal.hash != before:
            broken = seal.position
            break
        count += 1
    left = AuditEvent.objects.filter(seal=None).order_by("at")
    first = left.first()
    return Verification(
        sealed=count,
        unsealed=left.count(),
        oldest_unsealed=first.at if first else None,
        head=before,
        broken_at=broken,
    )
