"""What clinicians sent back to the bench, for who sent it: the reason, and the note on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.reviews.models import Return

SHOWN = 10


@dataclass(frozen=True)
class ReturnedLine:
    url: str
    name: str
    words: str
    note: str
    at: datetime


def returned_shown(user: User) -> list[ReturnedLine]:
    """Return what waits for another picture or an answer of `user`, the newest first."""
    sent = Return.objects.filter(image__uploaded_by=user, image__withdrawn_at=None)
    waiting = sent.filter(settled_at=None, image__site__memberships__user=user)
    found = waiting.select_related("image__case", "by").order_by("-at")[:SHOWN]
    return [_line(one) for one in found]


def _line(one: Return) -> ReturnedLine:
    said = {"who": one.by.printed_name, "reason": str(one.get_reason_display())}
    return ReturnedLine(
        url=reverse("image_returned", args=[one.image_id]),
        name=one.image.case.accession,
        words=_("%(who)s sent it back: %(reason)s") % said,
        note=one.note,
        at=one.at,
    )
