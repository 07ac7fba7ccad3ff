"""Writing the audit trail: events with the act, seals within two seconds of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from hemaqueue.audit.chain import BEGINNING, link
from hemaqueue.audit.models import AuditEvent, AuditSeal, Outcome
from hemaqueue.common.inserting import row_insert
from hemaqueue.common.requests import current_request

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser

    from hemaqueue.accounts.models import User

SEAL_AT_ONCE = 1000
LATE_AT_MOST = 10_000  # ids


def audit_record(
    action: str,
    *,
    by: User | AnonymousUser | None,
    about: models.Model | None = None,
    site: UUID | None = None,
    outcome: Outcome = Outcome.DONE,
    **details: Any,
) -> AuditEvent:
    """Append one event, in the transaction of the act it tells of.

    `action` is noun.verb, "image.view". `site` defaults to the object's own.
    """
    facts = current_request()
    event = AuditEvent(
        action=action,
        actor_id=by.pk if by is not None and by.is_authenticated else None,
        outcome=outcome,
        object_type=str(about._meta.model_name) if about is not None else "",
        object_id=str(about.pk) if about is not None else "",
        site_id=site or getattr(about, "site_id", None),
        address=facts.address,
        request_id=facts.id,
        details=details,
    )
    return row_insert(event)


def audit_denied(
    action: str, *, by: User | AnonymousUser | None, object_id: str = "", **details: Any
) -> AuditEvent:
    """Append the event of an act that was refused; the object may not even exist."""
    facts = current_request()
    event = AuditEvent(
        action=action,
        actor_id=by.pk if by is not None and by.is_authenticated else None,
        outcome=Outcome.DENIED,
        object_id=object_id[:64],
        address=facts.address,
        request_id=facts.id,
        details=details,
    )
    return row_insert(event)


@transaction.atomic
def audit_seal(*, thorough: bool = False) -> int:
    """Link events that are committed and not yet sealed; return how many.

    One process seals at a time, so the chain never makes an upload wait. Ids are given before
    commits, so an event may come late: the order of the chain is the order of sealing, and a
    `thorough` round looks at all events instead of the newest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('audit seal'))")
        if not cursor.fetchone()[0]:
            return 0
    last = AuditSeal.objects.order_by("-position").first()
    before = last.hash if last else BEGINNING
    events = AuditEvent.objects.filter(seal=None).order_by("id")
    if last and not thorough:
        events = events.filter(id__gt=last.event_id - LATE_AT_MOST)
    seals = []
    for event in events[:SEAL_AT_ONCE]:
        before = link(before, event)
        seals.append(AuditSeal(event=event, hash=before))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)
