"""What a search of the audit trail means to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from hemaqueue.audit.models import AuditEvent


def events_narrowed(events: QuerySet[AuditEvent], asked: Mapping[str, Any]) -> QuerySet[AuditEvent]:
    """Return the events that are all of what is asked; what is empty asks nothing."""
    conditions = {
        "actor__username__iexact": asked["who"],
        "action__startswith": asked["action"],
        "object_id": asked["object"],
        "outcome": asked["outcome"],
        "at__date__gte": asked["since"],
        "at__date__lte": asked["until"],
    }
    return events.filter(Q(**{path: value for path, value in conditions.items() if value}))
