"""The errors of an evaluation: which of them are shown, why they came, all as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.error_readings import UNREAD, readings_holding
from hemaqueue.evaluations.models import ErrorReading, ErrorReason, EvaluatedPicture, Evaluation
from hemaqueue.evaluations.selectors import Side, pictures_of
from hemaqueue.exports.tables import Row
from hemaqueue.web.shown.judged import NOWHERE, places_of

COLUMNS = (
    "sha256", "site", "label", "named", "confidence", "malignant", "called_malignant",
    "distance", "reasons", "read_by",
)  # fmt: skip
LOOKED_UP = ("site", "reasons", "read_by")


@dataclass(frozen=True)
class Choice:
    url: str
    word: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class ReadingWords:
    """Why a picture was named wrongly, who said so, and when."""

    said: str
    by: str
    at: datetime


def choices_shown(evaluation: Evaluation, *, side: str, cell: bool) -> list[Choice]:
    """Return which errors may be shown; none of them is while a cell is."""
    words = {"": _("All errors"), **{one.value: str(one.label) for one in Side}}
    here = reverse("evaluation_pictures", args=[evaluation.pk])
    return [
        Choice(
            url=f"{here}?side={value}" if value else here,
            word=word,
            count=pictures_of(evaluation, side=value).count(),
            current=value == side and not cell,
        )
        for value, word in words.items()
    ]


def error_rows(pictures: Sequence[EvaluatedPicture], *, user: User) -> Iterator[Row]:
    """Yield what the version said of each; the site of those that `user` may open."""
    here = places_of([one.sha256 for one in pictures], user=user)
    readings = readings_holding(pictures)
    for one in pictures:
        read = readings.get(one.pk, [])
        given = {code for reading in read for code in reading.reasons}
        said = {name: getattr(one, name) for name in COLUMNS if name not in LOOKED_UP}
        yield said | {
            "site": here.get(one.sha256, NOWHERE).site,
            "reasons": [code for code in ErrorReason.values if code in given],
            "read_by": ", ".join(reading.by.printed_name for reading in read),
        }


def reason_choices(
    counts: dict[str, int], *, evaluation: Evaluation, asked: dict[str, str], reason: str
) -> list[Choice]:
    """Return the reasons that somebody gave of what is `asked`; nothing while nobody gave one."""
    if sum(counts.values()) == counts[UNREAD] and not reason:
        return []
    here = reverse("evaluation_pictures", args=[evaluation.pk])
    words = {"": _("Whatever the reason"), UNREAD: _("Nobody said why"), **_reason_words()}
    given = {name: value for name, value in asked.items() if value}
    return [
        Choice(
            url=f"{here}?{urlencode(given | ({'reason': code} if code else {}))}",
            word=word,
            count=counts.get(code),
            current=code == reason,
        )
        for code, word in words.items()
        if not code or counts[code] or code == reason
    ]


def reading_words(reading: ErrorReading) -> ReadingWords:
    words = _reason_words()
    said = ", ".join(words[code] for code in reading.reasons)
    return ReadingWords(said, reading.by.printed_name, reading.at)


def reason_boxes(mine: ErrorReading | None) -> list[tuple[str, str, bool]]:
    """Return each reason with its words, and whether `mine` names it."""
    given = mine.reasons if mine else []
    return [(code, word, code in given) for code, word in _reason_words().items()]


def _reason_words() -> dict[str, str]:
    return {one.value: str(one.label) for one in ErrorReason}
