"""What a person has to say of a version: the texts of its card. A change is a new row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.registry.models import CardText, ModelVersion

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

TEXTS = ("summary", "intended_use", "warnings", "known_failures")


class CardIncomplete(Refused):
    """A card needs all its texts: what it does, for whom, what not, where it fails."""

    code = "card_incomplete"


def card_of(version: ModelVersion) -> CardText | None:
    """Return the texts that hold, or None while nobody wrote them."""
    found = CardText.objects.filter(model=version).select_related("by")
    return found.order_by("-at", "-pk").first()


def card_write(version: ModelVersion, *, texts: dict[str, str], by: User) -> CardText:
    """Write the texts of a version's card.

    Raises:
        CardIncomplete: one is missing.
    """
    given = {name: texts.get(name, "").strip() for name in TEXTS}
    if not all(given.values()):
        raise CardIncomplete
    card = CardText.objects.create(model=version, by=by, **given)
    audit_record("model.card", by=by, about=version)
    return card
