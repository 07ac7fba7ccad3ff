"""Numbers, times and flags as a report prints them: UTC, in the language it was asked for in."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hemaqueue.predictions.selectors import confidence_word

INTENDED_USE = gettext_lazy(
    "Decision support for trained staff. Suggestions describe single pictures, not a patient; "
    "a haematologist confirms every result. Research use: not a medical device."
)

#: Marks, overrides and isolates: on paper they would put the words after them in another order.
DIRECTIONS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

#: A flag as a word for the table, and as a sentence beside the picture.
FLAGS: dict[str, tuple[Promise | str, Promise | str]] = {
    "out_of_distribution": (
        gettext_lazy("unlike the training images"),
        gettext_lazy("Unlike the images the model learned from: do not lean on its scores."),
    ),
    "uncertain": (
        gettext_lazy("uncertain"),
        gettext_lazy("No class stands out far enough: a human read is required."),
    ),
    "not_assessable": (
        gettext_lazy("not assessable"),
        gettext_lazy("Too little in the picture to suggest a class."),
    ),
    "no_content": (
        gettext_lazy("nearly empty"),
        gettext_lazy("There is hardly anything in this picture."),
    ),
    "out_of_focus": (
        gettext_lazy("out of focus"),
        gettext_lazy("Edges are soft; a retake would be safer."),
    ),
    "over_exposed": (
        gettext_lazy("over-exposed"),
        gettext_lazy("Most of the picture is white."),
    ),
    "under_exposed": (gettext_lazy("under-exposed"), gettext_lazy("The picture is dark.")),
    "small": (
        gettext_lazy("small picture"),
        gettext_lazy("It has fewer pixels than the training images."),
    ),
}


def flag_names(flags: list[str]) -> list[str]:
    return [str(FLAGS[flag][0]) if flag in FLAGS else flag.replace("_", " ") for flag in flags]


def flag_sentences(flags: list[str]) -> list[str]:
    return [str(FLAGS[flag][1]) for flag in flags if flag in FLAGS]


def score(value: float) -> str:
    """Return a score with two decimals, never rounded to a certainty that nobody claims."""
    if value > 0.99:
        return ">0.99"
    if value < 0.01:
        return "<0.01"
    return f"{value:.2f}"


def confidence(value: float) -> str:
    """Return "high · 0.97": a word before the number."""
    return f"{_band(confidence_word(value))} · {score(value)}"


def _band(word: str) -> str:
    return {
        "low": pgettext("confidence", "low"),
        "moderate": pgettext("confidence", "moderate"),
        "high": pgettext("confidence", "high"),
    }[word]


def moment(at: datetime | None) -> str:
    if at is None:
        return ""
    return _("%(moment)s UTC") % {"moment": date_format(at.astimezone(UTC), "j F Y, H:i")}


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def straight(text: str) -> str:
    """Return what a person wrote, without characters that turn the direction of what follows."""
    return text.translate(DIRECTIONS)
