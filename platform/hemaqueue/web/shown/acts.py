"""What people did, as the audit trail tells it: one sentence for each act that a timeline shows.

An act that is neither in ACTS nor in QUIET fails a test: whoever adds one says how it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hemaqueue.predictions.classes import class_words
from hemaqueue.reviews.models import Choice, Reason


@dataclass(frozen=True)
class Act:
    """`words` has a place for who did it; `kind` is the colour of the mark."""

    words: Promise | str
    kind: str = "waiting"


ACTS: dict[str, Act] = {
    "image.send_anyway": Act(gettext_lazy("%(who)s sent it although it is poor"), "attention"),
    "image.withdraw": Act(gettext_lazy("%(who)s took it back"), "failed"),
    "image.replace": Act(gettext_lazy("%(who)s sent a better picture"), "done"),
    "image.return": Act(gettext_lazy("%(who)s sent it back to the bench"), "attention"),
    "image.view": Act(gettext_lazy("viewed by %(who)s")),
    "image.explain": Act(gettext_lazy("%(who)s asked for another heatmap")),
    "image.download_original": Act(gettext_lazy("%(who)s downloaded the original")),
    "image.first_read": Act(gettext_lazy("%(who)s recorded a first read"), "done"),
    "image.decide": Act(gettext_lazy("%(who)s decided"), "done"),
    "image.adjudicate": Act(gettext_lazy("%(who)s settled a disagreement"), "done"),
    "image.undo": Act(gettext_lazy("%(who)s took the decision back"), "attention"),
    "case.mark_urgent": Act(gettext_lazy("%(who)s marked the case urgent"), "attention"),
    "case.attach": Act(gettext_lazy("%(who)s attached an image that was here already")),
    "case.claim": Act(gettext_lazy("claimed by %(who)s")),
    "case.release": Act(gettext_lazy("released by %(who)s")),
    "case.take_over": Act(gettext_lazy("taken over by %(who)s"), "attention"),
    "case.refer": Act(gettext_lazy("%(who)s asked a colleague"), "attention"),
    "referral.answer": Act(gettext_lazy("%(who)s gave a second opinion"), "done"),
    "referral.take_back": Act(gettext_lazy("%(who)s took the question back")),
    "return.answer": Act(gettext_lazy("%(who)s answered for the bench"), "done"),
    "case.share": Act(gettext_lazy("%(who)s shared the case")),
    "case.unshare": Act(gettext_lazy("%(who)s ended a share of the case")),
    "report.request": Act(gettext_lazy("%(who)s asked for a report")),
    "report.download": Act(gettext_lazy("%(who)s opened the report")),
    "report.verify": Act(gettext_lazy("%(who)s verified the report")),
}

#: Told by rows of their own (who uploaded, signed, amended), by the image's lists, or too small.
QUIET = frozenset(
    {
        "case.amend", "case.create", "case.list", "case.sign", "case.view", "case.view_cells",
        "label.withdraw", "image.scale", "image.teach", "image.unteach",
        "cell.add", "cell.change", "cell.export", "cell.find", "cell.name_proposed",
        "cell.remove", "cell.remove_proposed", "image.list", "image.upload",
        "image.view_cells", "image.view_heatmap", "image.view_picture", "image.view_thumbnail",
        "image.view_timeline",
    }
)  # fmt: skip


def act_words(action: str, *, who: str) -> str:
    return str(ACTS[action].words) % {"who": who}


def act_detail(details: Mapping[str, Any], *, revealed: bool) -> str:
    """Return what an act was about; the classes only to whom they are `revealed`."""
    parts = [_classes(details) if revealed else "", _reason(str(details.get("reason", "")))]
    if revision := details.get("revision"):
        parts.append(_("revision %(n)d") % {"n": int(revision)})
    return " · ".join(part for part in parts if part)


def _classes(details: Mapping[str, Any]) -> str:
    """Return "Early Pre-B → Pre-B" where a suggestion was corrected, else what was said."""
    said = _said(details)
    predicted = str(details.get("predicted", ""))
    if said and predicted and details.get("label") and predicted != details["label"]:
        return f"{class_words(predicted).name} → {said}"
    return said


def _said(details: Mapping[str, Any]) -> str:
    if label := str(details.get("label", "")):
        return str(class_words(label).name)
    choice = str(details.get("choice", ""))
    return str(Choice(choice).label) if choice in Choice.values else ""


def _reason(reason: str) -> str:
    return str(Reason(reason).label) if reason in Reason.values else reason.replace("_", " ")
