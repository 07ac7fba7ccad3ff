"""What readers decided, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from hemaqueue.predictions.classes import class_words
from hemaqueue.reviews.models import Choice, Decision
from hemaqueue.reviews.selectors import Word


@dataclass(frozen=True)
class DecisionShown:
    """`code` is the class's colour, empty for uncertain and unusable."""

    code: str
    word: str
    by: str
    at: datetime
    reason: str
    url: str
    image: str


def decision_word(decision: Decision | Word) -> str:
    return choice_word(decision.choice, decision.label)


def choice_word(choice: str, label: str) -> str:
    """Return what a reader said, in a word."""
    if choice == Choice.LABEL:
        return str(class_words(label).name)
    return str(Choice(choice).label)


def decision_shown(decision: Decision, *, image: str = "") -> DecisionShown:
    """Return one decision; `image` is what a list of several images calls its image."""
    is_class = decision.choice == Choice.LABEL
    reason = str(decision.get_reason_display()) if decision.reason else ""
    return DecisionShown(
        code=class_words(decision.label).css if is_class else "",
        word=decision_word(decision),
        by=decision.reader.printed_name,
        at=decision.at,
        reason=": ".join(part for part in (reason, decision.note) if part),
        url=reverse("image", args=[decision.image_id]),
        image=image,
    )
