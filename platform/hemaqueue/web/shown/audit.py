"""One audit event in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hemaqueue.audit.models import AuditEvent, Outcome
from hemaqueue.web.shown.chips import Chip


@dataclass(frozen=True)
class EventShown:
    at: datetime
    who: str
    what: str
    object: str
    origin: str
    outcome: Chip | None
    seal: Chip


def event_shown(event: AuditEvent) -> EventShown:
    actor = event.actor
    refused = Chip("attention", "slash-circle", _("denied"))
    return EventShown(
        at=event.at,
        who=actor.printed_name if actor else _("nobody signed in"),
        what=event.action,
        object=f"{event.object_type} {event.object_id}".strip(),
        origin=event.address or "",
        outcome=refused if event.outcome == Outcome.DENIED else None,
        seal=_seal(event),
    )


def _seal(event: AuditEvent) -> Chip:
    if hasattr(event, "seal"):
        return Chip("done", "link-45deg", _("sealed"), event.seal.hash)
    return Chip("waiting", "hourglass-split", _("soon"))
