"""The arithmetic of the hash chain."""

from __future__ import annotations

import hashlib
import json

from hemaqueue.audit.models import AuditEvent

BEGINNING = "0" * 64


def canonical(event: AuditEvent) -> str:
    """Return the event as JSON with sorted keys: what the seal covers."""
    values = {
        "id": event.pk,
        "at": event.at.isoformat(),
        "actor": str(event.actor_id or ""),
        "action": event.action,
        "outcome": event.outcome,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "site": str(event.site_id or ""),
        "address": event.address or "",
        "request_id": event.request_id,
        "details": event.details,
    }
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def link(before: str, event: AuditEvent) -> str:
    """Return the hexadecimal hash of `event` after the link `before`."""
    return hashlib.sha256(f"{before}{canonical(event)}".encode()).hexdigest()
