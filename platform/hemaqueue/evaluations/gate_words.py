"""Gates in words: what each is of, and in one line its number and its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hemaqueue.predictions.classes import class_words

if TYPE_CHECKING:
    from hemaqueue.evaluations.gates import GateResult

GATES: dict[str, Promise] = {
    "malignant_sensitivity": _("Sensitivity, any malignant"),
    "macro_f1": _("Macro F1"),
    "class_recall": _("Lowest recall of a class"),
    "ece": _("Calibration error"),
    "robustness": _("Lowest accuracy under a mild disturbance"),
    "beyond_colour": _("Accuracy above the colour-only baseline"),
    "apart": _("No patient or field both taught and judged"),
    "images": _("Images it was judged on"),
    "card": _("Model card"),
}

#: Gates whose figure is a state, and not a number: what it is called where it is not reached.
STATES: dict[str, tuple[Promise, Promise]] = {
    "apart": (_("mixed"), _("kept apart")),
    "card": (_("incomplete"), _("complete")),
}

DISTURBANCES: dict[str, Promise | str] = {
    "blur": _("Blur"),
    "noise": _("Noise"),
    "brightness": _("Brightness"),
    "stain": _("Stain shift"),
    "jpeg": "JPEG",
    "rotation": _("Rotation"),
}


def gate_about(gate: GateResult) -> str:
    """Return the class or the disturbance that a gate's figure is of."""
    if gate.name == "robustness":
        return str(DISTURBANCES.get(gate.about, gate.about))
    return str(class_words(gate.about).name) if gate.about else ""


def gate_sentence(gate: GateResult) -> str:
    """Return a gate that was not passed with its number and its limit, for scripts."""
    about = gate_about(gate)
    word = f"{GATES[gate.name]} ({about})" if about else str(GATES[gate.name])
    return f"{word}: {_figure(gate)}, {_limit(gate)}."


def _figure(gate: GateResult) -> str:
    if gate.candidate is None:
        return "no figure"
    if gate.name in STATES:
        return str(STATES[gate.name][bool(gate.candidate)])
    return f"{gate.candidate:.3f}".removesuffix(".000")


def _limit(gate: GateResult) -> str:
    if gate.limit is None:
        return "nothing to compare with"
    if gate.name in STATES:
        return f"has to be {STATES[gate.name][True]}"
    number = f"{gate.limit:.3f}".removesuffix(".000")
    return f"{'at most' if gate.at_most else 'at least'} {number}"
