"""The classes, in words. Their order and scores come from the bundle, never from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ClassWords:
    """`short` is the colour's name in the style sheet too."""

    code: str
    name: Promise | str
    long: Promise | str
    css: str
    malignant: bool


CLASSES: dict[str, ClassWords] = {
    words.code: words
    for words in (
        ClassWords("benign", _("Benign"), _("Benign (haematogones)"), "benign", False),
        ClassWords("early_pre_b", _("Early Pre-B"), _("Early Pre-B ALL"), "early", True),
        ClassWords("pre_b", _("Pre-B"), _("Pre-B ALL"), "pre", True),
        ClassWords("pro_b", _("Pro-B"), _("Pro-B ALL"), "pro", True),
    )
}


#: What single cells are told apart as, beside benign; nobody names a field so.
OF_CELLS = {"malignant": ClassWords("malignant", _("Malignant"), _("Malignant"), "other", True)}


def class_words(code: str) -> ClassWords:
    """Return the words for a class; one this release does not know shows its code."""
    known = CLASSES.get(code) or OF_CELLS.get(code)
    return known or ClassWords(code, code, code, "other", code != "benign")


def classes_ordered(codes: Iterable[str]) -> list[str]:
    """Return codes as people read classes: ours in their order, others after them by name."""
    known = list(CLASSES)
    return sorted(codes, key=lambda code: (known.index(code) if code in CLASSES else 99, code))
