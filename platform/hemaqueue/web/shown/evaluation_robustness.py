"""What disturbed pictures cost: accuracy and each class's recall, beside the limit of the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemaqueue.evaluations.gate_words import DISTURBANCES
from hemaqueue.evaluations.gates import disturbance_gates
from hemaqueue.evaluations.models import GatePolicy
from hemaqueue.web.shown.chips import Chip, gate_chip
from hemaqueue.web.shown.numbers import percent

Report = dict[str, Any]


@dataclass(frozen=True)
class StrengthRow:
    """`drops` has the points of recall that each class lost; `chip` where the gate reads it."""

    word: str
    accuracy: str
    drops: list[str]
    chip: Chip | None


@dataclass(frozen=True)
class Disturbance:
    name: str
    rows: list[StrengthRow]


def gate_line(policy: GatePolicy) -> str:
    """Return which of the figures is gated."""
    return _(
        "The gate reads accuracy at the mild strength: at least %(n)s for each. What a class loses "
        "in recall, in points, and the stronger ones are told, not gated."
    ) % {"n": percent(policy.robustness_floor)}


def disturbances(report: Report, *, policy: GatePolicy) -> list[Disturbance]:
    found = report.get("robustness") or {}
    gates = disturbance_gates(report, policy=policy)
    return [
        Disturbance(
            str(DISTURBANCES.get(name, name)),
            _rows(found[name], codes=report["classes"], chip=gate_chip(gates[name].passed)),
        )
        for name in [
            *(one for one in DISTURBANCES if one in found),
            *sorted(found.keys() - DISTURBANCES),
        ]
        if name in gates
    ]


def _rows(rows: list[Report], *, codes: list[str], chip: Chip) -> list[StrengthRow]:
    words = (_("mild"), _("medium"), _("strong"))
    return [
        StrengthRow(
            words[place] if place < len(words) else str(place + 1),
            percent(row["accuracy"]),
            [_lost(row["recall_drop"].get(code)) for code in codes],
            chip if place == 0 else None,
        )
        for place, row in enumerate(rows)
    ]


def _lost(drop: float | None) -> str:
    return "–" if drop is None else number_format(round(100 * drop, 1) + 0.0, 1)
