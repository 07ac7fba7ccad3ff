"""How well the boxes that a version drew agree with those it was held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hemaqueue.web.shown.numbers import decimal, images_word, percent

PSEUDO = "pseudo"
"""So begins what a report calls boxes that nobody drew."""


@dataclass(frozen=True)
class BoxesShown:
    """`line` says whose boxes they are, and how many on how many images."""

    line: str
    rows: list[tuple[str, str]]


def boxes_shown(report: dict[str, Any]) -> BoxesShown | None:
    """Return the agreement of boxes; None of a version that draws none, or without any to hold."""
    found = report.get("boxes")
    if not found:
        return None
    return BoxesShown(
        line=_line(found, images=found.get("images", report["n"])),
        rows=[
            (
                _("Mean average precision at an overlap of one half (mAP50)"),
                decimal(found["map50"]),
            ),
            (_("Mean overlap (IoU)"), decimal(found["mean_iou"])),
            (_("Precision"), percent(found["precision"])),
            (_("Recall"), percent(found["recall"])),
        ],
    )


def _line(found: dict[str, Any], *, images: int) -> str:
    words = {"n": found["n"], "images": images_word(images)}
    if any(whose.startswith(PSEUDO) for whose in found["truth"]):
        return (
            _(
                "Boxes held against: %(n)d, on %(images)s. Pseudo boxes are among them: a "
                "segmentation made these, no person drew them."
            )
            % words
        )
    return (
        _("Boxes that people drew: %(n)d, on %(images)s. Other images do not count here.") % words
    )
