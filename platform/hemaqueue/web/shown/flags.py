"""What to look at first, each flag as a word and as a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hemaqueue.common.wording import said_once
from hemaqueue.web.shown.chips import Chip, attention


@dataclass(frozen=True)
class Check:
    """`code` is what filters and the API call it."""

    code: str
    word: Promise | str
    sentence: Promise | str


CHECKS = {
    check.code: check
    for check in (
        Check(
            "out_of_distribution",
            _("Unlike training images"),
            _("The model has not learnt from pictures like this one. Do not lean on its scores."),
        ),
        Check(
            "uncertain",
            _("Uncertain"),
            _("No class stands out, or the malignant ones together pass the limit. Read it."),
        ),
        Check(
            "not_assessable",
            _("Not assessable"),
            _("There is too little in this picture to suggest a class. Take another field."),
        ),
        Check(
            "no_content",
            _("Nearly empty"),
            _("There is hardly anything in this picture. Take another field."),
        ),
        Check(
            "out_of_focus",
            _("Out of focus"),
            _("Edges are soft. It was classified; a retake would be safer."),
        ),
        Check(
            "over_exposed",
            _("Over-exposed"),
            _("Most of the picture is white. A retake with less light would be safer."),
        ),
        Check(
            "under_exposed",
            _("Under-exposed"),
            _("The picture is dark. A retake with more light would be safer."),
        ),
        Check(
            "small",
            _("Small picture"),
            _("It has fewer pixels than the training images. Details may be missing."),
        ),
    )
}


def codes_of(*flags: Iterable[str]) -> list[str]:
    """Return the flags of an image and of what was said of it, the gravest first."""
    found = set().union(*flags)
    known = [code for code in CHECKS if code in found]
    return known + sorted(found - set(CHECKS))


def checks_of(codes: Iterable[str]) -> list[Check]:
    return [_in_words(code) for code in codes]


@said_once
def _in_words(code: str) -> Check:
    return check_in_words(CHECKS.get(code), code=code)


def check_in_words(check: Check | None, *, code: str) -> Check:
    if check is None:
        return Check(code, code.replace("_", " "), "")
    return Check(code, str(check.word), str(check.sentence))


def flag_chips(codes: Iterable[str]) -> list[Chip]:
    return [attention(str(check.word), str(check.sentence)) for check in checks_of(codes)]
