"""The traits by which figures are parted, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jobcontract.traits import OLDER, UNKNOWN


def trait_word(trait: str) -> str:
    words = {"site": _("Site"), "stain": _("Stain"), "specimen": _("Specimen"),
             "quality": _("Picture quality"), "dataset": _("Data set"), "sex": _("Sex"),
             "scanner": _("Scanner"), "device": _("Device"), "age": _("Age")}  # fmt: skip
    return words.get(trait, trait)


def trait_value(value: str) -> str:
    """Return a group's name; those that the data set chose stay as they are."""
    words = {UNKNOWN: _("unknown"), OLDER: _("65 and over")}
    return words.get(value, value)
