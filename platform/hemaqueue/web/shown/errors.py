"""The errors of an evaluation: which of them are shown, and all of them as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.models import EvaluatedPicture, Evaluation
from hemaqueue.evaluations.selectors import Side, pictures_of
from hemaqueue.exports.tables import Row
from hemaqueue.web.shown.judged import NOWHERE, places_of

COLUMNS = (
    "sha256", "site", "label", "named", "confidence", "malignant", "called_malignant",
    "distance",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    url: str
    word: str
    count: int
    current: bool


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
    for one in pictures:
        said = {name: getattr(one, name) for name in COLUMNS if name != "site"}
        yield said | {"site": here.get(one.sha256, NOWHERE).site}
