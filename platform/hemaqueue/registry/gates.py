"""What a candidate should reach before somebody promotes it: data, shown with numbers.

A gate compares with the version the candidate was made from, judged on the same images. None
decides: promotion is a person's act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hemaqueue.registry.models import ModelVersion

GATES_VERSION = 1
ROUNDING = 1e-9


@dataclass(frozen=True)
class Gate:
    """`path` leads to the figure in the metrics; `may_lose` and `floor` are shares of 1."""

    name: str
    path: tuple[str, ...]
    may_lose: float
    floor: float = 0.0


@dataclass(frozen=True)
class GateResult:
    """`least` is what the candidate had to reach; `passed` is None where a figure is missing."""

    name: str
    candidate: float | None
    before: float | None
    least: float | None
    passed: bool | None


GATES = (
    Gate("malignant_sensitivity", ("binary", "sensitivity"), may_lose=0.01, floor=0.95),
    Gate("macro_recall", ("macro_recall",), may_lose=0.01),
    Gate("accuracy", ("accuracy",), may_lose=0.01),
)


def gates_of(version: ModelVersion) -> list[GateResult]:
    """Return every gate with its numbers; none for a version that was made from no other."""
    metrics = version.facts.get("metrics") or {}
    before = metrics.get("serving")
    if not isinstance(before, dict):
        return []
    return [_result(gate, metrics=metrics, before=before) for gate in GATES]


def _result(gate: Gate, *, metrics: dict[str, Any], before: dict[str, Any]) -> GateResult:
    candidate, former = _figure(metrics, gate.path), _figure(before, gate.path)
    least = None if former is None else max(former - gate.may_lose, gate.floor)
    passed = None if candidate is None or least is None else candidate >= least - ROUNDING
    return GateResult(gate.name, candidate, former, least, passed)


def _figure(values: Any, path: tuple[str, ...]) -> float | None:
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return float(values) if isinstance(values, int | float) else None
