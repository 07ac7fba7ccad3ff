"""The audit trail as rows, each with its seal: what was done, by whom, to which id."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.audit.models import AuditEvent
from hemaqueue.audit.searching import events_narrowed
from hemaqueue.audit.selectors import audit_search
from hemaqueue.exports.models import Export
from hemaqueue.exports.questions import AUDIT_FILTERS, question
from hemaqueue.exports.tables import Row

AT_ONCE = 2000
OF_NO_SITE = ""
PLAIN = (
    "id", "at", "actor", "action", "outcome", "object_type", "object_id", "site", "request_id",
    "details", "seal",
)  # fmt: skip
NAMING = ("address", "actor_name")


def columns(*, identified: bool) -> tuple[str, ...]:
    return (*PLAIN, *NAMING) if identified else PLAIN


def trail_sites(user: User) -> list[str]:
    """Return the sites whose trail `user` may take away; "" is what belongs to none."""
    sites = [str(site.pk) for site in sites_allowing(user, act=Act.SEARCH_AUDIT)]
    return [*sites, OF_NO_SITE] if user.is_staff else sites


def trail_events(export: Export) -> QuerySet[AuditEvent]:
    asked = question(export.asked, known=AUDIT_FILTERS)
    return events_narrowed(audit_search(export.requested_by), asked).select_related("seal")


def trail_rows(events: QuerySet[AuditEvent], *, identified: bool) -> Iterator[Row]:
    for event in events.iterator(AT_ONCE):
        yield _row(event) | (_naming(event) if identified else {})


def _row(event: AuditEvent) -> Row:
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "actor": event.actor.username if event.actor else "",
        "action": event.action,
        "outcome": event.outcome,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "site": event.site.slug if event.site else "",
        "request_id": event.request_id,
        "details": event.details,
        "seal": event.seal.hash if hasattr(event, "seal") else "",
    }


def _naming(event: AuditEvent) -> Row:
    return {
        "address": event.address or "",
        "actor_name": event.actor.printed_name if event.actor else "",
    }
