"""Numbers, times and flags as a report prints them. English, UTC, the same for every reader."""

from __future__ import annotations

from datetime import UTC, datetime

from hemaqueue.predictions.selectors import confidence_word

LANGUAGE = "en"
INTENDED_USE = (
    "Decision support for trained staff. Suggestions describe single pictures, not a patient; "
    "a haematologist confirms every result. Research use: not a medical device."
)

#: A flag as a word for the table, and as a sentence beside the picture.
FLAGS: dict[str, tuple[str, str]] = {
    "out_of_distribution": (
        "unlike the training images",
        "Unlike the images the model learned from: do not lean on its scores.",
    ),
    "uncertain": ("uncertain", "No class stands out far enough: a human read is required."),
    "not_assessable": ("not assessable", "Too little in the picture to suggest a class."),
    "no_content": ("nearly empty", "There is hardly anything in this picture."),
    "out_of_focus": ("out of focus", "Edges are soft; a retake would be safer."),
    "over_exposed": ("over-exposed", "Most of the picture is white."),
    "under_exposed": ("under-exposed", "The picture is dark."),
    "small": ("small picture", "It has fewer pixels than the training images."),
}


def flag_names(flags: list[str]) -> list[str]:
    return [FLAGS[flag][0] if flag in FLAGS else flag.replace("_", " ") for flag in flags]


def flag_sentences(flags: list[str]) -> list[str]:
    return [FLAGS[flag][1] for flag in flags if flag in FLAGS]


def score(value: float) -> str:
    """Return a score with two decimals, never rounded to a certainty that nobody claims."""
    if value > 0.99:
        return ">0.99"
    if value < 0.01:
        return "<0.01"
    return f"{value:.2f}"


def confidence(value: float) -> str:
    """Return "high · 0.97": a word before the number."""
    return f"{confidence_word(value)} · {score(value)}"


def moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC") if at else ""


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"
