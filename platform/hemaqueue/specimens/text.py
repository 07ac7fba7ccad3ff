"""What a technician types: one text looks like one text, and means one case."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}
NOT_UTF8 = "\N{REPLACEMENT CHARACTER}"


def visible_text(value: str) -> None:
    """Refuse what nobody can see or tell apart.

    Bytes that were no UTF-8 all arrive as the same replacement character: two accession numbers
    would become one case. A direction override shows a number that is another one.

    Raises:
        ValidationError: there is an invisible or an unreadable character.
    """
    if NOT_UTF8 in value or any(unicodedata.category(one) in INVISIBLE for one in value):
        raise ValidationError(
            _("There is an invisible or an unreadable character in it. Send UTF-8."),
            code="unreadable_text",
        )
