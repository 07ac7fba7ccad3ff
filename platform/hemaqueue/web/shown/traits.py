"""The traits by which figures are parted, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def trait_word(trait: str) -> str:
    words = {"site": _("Site"), "stain": _("Stain"), "specimen": _("Specimen"),
             "quality": _("Picture quality"), "dataset": _("Data set"), "sex": _("Sex"),
             "scanner": _("Scanner"), "device": _("Device"), "age": _("Age")}  # fmt: skip
    return words.get(trait, trait)
