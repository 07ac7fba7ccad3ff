"""What was refused about a version: said beside the form it came from, which keeps its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from hemaqueue.common.errors import PlatformError
from hemaqueue.evaluations.gate_words import STATES
from hemaqueue.evaluations.gates import GateResult, GatesFailed
from hemaqueue.web.shown.deciding import gate_shown


class WrittenIn(StrEnum):
    """The forms of a version's page by which somebody decides."""

    SERVE = "serve"
    CONFIRM = "confirm"
    DECLINE = "decline"
    REJECT = "reject"


@dataclass(frozen=True)
class RefusedShown:
    """`gates` are those that are not reached; `reason` and `override` what was written."""

    written_in: WrittenIn
    sentence: str
    gates: list[str]
    reason: str
    override: str


def refused_shown(
    refusal: PlatformError, *, written_in: WrittenIn, reason: str = "", override: str = ""
) -> RefusedShown:
    gates = refusal.gates if isinstance(refusal, GatesFailed) else []
    return RefusedShown(
        written_in=written_in,
        sentence=refusal.sentence,
        gates=[_gate_line(one) for one in gates],
        reason=reason,
        override=override,
    )


def _gate_line(gate: GateResult) -> str:
    """Return a gate that is not reached with its number and its limit."""
    shown = gate_shown(gate)
    word = f"{shown.word} ({shown.about})" if shown.about else shown.word
    figure = _("no figure") if gate.candidate is None else shown.candidate
    if gate.limit is None:
        return f"{word}: {figure}, {_('nothing to compare with')}"
    limit = _("has to be %(n)s") if gate.name in STATES else "%(n)s"
    return f"{word}: {figure}, {limit % {'n': shown.limit}}"
