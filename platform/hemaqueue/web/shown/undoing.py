"""The offer to take the last decision back, while it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.undoing import UNDO_SECONDS, decision_undoable
from hemaqueue.web.shown.decisions import decision_word
from hemaqueue.web.shown.walking import WITHOUT, Walk


@dataclass(frozen=True)
class UndoShown:
    """`milliseconds` are what is left of the time in which the offer is shown."""

    url: str
    stamp: str
    words: str
    milliseconds: int


def undo_shown(user: User, *, walk: Walk = WITHOUT) -> UndoShown | None:
    """Return the offer, None where there is nothing to take back or its time is over."""
    decision = decision_undoable(user)
    if decision is None:
        return None
    left = UNDO_SECONDS - (timezone.now() - decision.at).total_seconds()
    if left <= 0:
        return None
    return UndoShown(
        url=walk.carried(reverse("image_undo", args=[decision.image_id])),
        stamp=review_stamp(decision.image),
        words=_("Recorded: %s.") % decision_word(decision),
        milliseconds=round(left * 1000),
    )
