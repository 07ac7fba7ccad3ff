"""What a candidate has to reach before it serves: each gate with its number and its limit.

The figures are those of the evaluation that decides, else of its bundle; they are compared with
the serving version's on the same pictures. Gates promote nobody: a person does, and where a gate is
not passed, only with the reason why it serves all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hemaqueue.common.errors import Conflict
from hemaqueue.evaluations.gate_words import gate_sentence
from hemaqueue.evaluations.models import Evaluation, GatePolicy
from hemaqueue.evaluations.policy import gate_policy
from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.registry.models import CardText, ModelStatus, ModelVersion

ROUNDING = 1e-9
UNKNOWN, IMAGE_LEVEL = "unknown", "image-level"  # as `./hemaqueue evaluate` calls splits
MILD = 0  # the first of the three strengths


@dataclass(frozen=True)
class GateResult:
    """`limit` is the least the candidate has to reach, or with `at_most` the most it may have.

    `passed` is None where a figure is missing; `about` says which part the figure is of.
    """

    name: str
    candidate: float | None
    before: float | None
    limit: float | None
    passed: bool | None
    at_most: bool = False
    about: str = ""


class GatesFailed(Conflict):
    """Not every gate is reached. Say why this version serves all the same, or reject it."""

    code = "gates_failed"

    def __init__(self, gates: list[GateResult]) -> None:
        super().__init__()
        self.gates = gates
        self.errors = [
            {"field": "override", "code": one.name, "detail": gate_sentence(one)} for one in gates
        ]


def gates_of(version: ModelVersion) -> list[GateResult]:
    """Return every gate of a candidate with its numbers; none for what served before."""
    if version.status != ModelStatus.CANDIDATE:
        return []
    evaluation = evaluation_deciding(version)
    figures = evaluation.report if evaluation else version.facts.get("metrics") or {}
    before = _figures_before(version, evaluation=evaluation) or figures.get("serving") or {}
    return list(_results(figures, before, policy=gate_policy(), version=version))


def gates_require(version: ModelVersion, *, override: str) -> None:
    """Raise GatesFailed unless a candidate passed every gate, or somebody said why not."""
    left = [one for one in gates_of(version) if not one.passed]
    if left and not override.strip():
        raise GatesFailed(left)


def disturbance_gates(figures: Any, *, policy: GatePolicy) -> dict[str, GateResult]:
    """Return the gate of each disturbance: accuracy at its mild strength."""
    return {
        name: _at_least(
            "robustness", float(rows[MILD]["accuracy"]), policy.robustness_floor, about=name
        )
        for name, rows in (figures.get("robustness") or {}).items()
        if rows
    }


def _figures_before(version: ModelVersion, *, evaluation: Evaluation | None) -> Any:
    """Return what the serving version scored on the pictures of `evaluation`."""
    if evaluation is None:
        return None
    same = Evaluation.objects.filter(
        model__image_kind=version.image_kind,
        model__status=ModelStatus.SERVING,
        data_digest=evaluation.data_digest,
    )
    found = same.exclude(data_digest="").order_by("-at", "-pk").first()
    return found.report if found else None


def _results(
    figures: Any, before: Any, *, policy: GatePolicy, version: ModelVersion
) -> Iterator[GateResult]:
    sensitivity, former = (_figure(one, "binary", "sensitivity") for one in (figures, before))
    least = max(policy.sensitivity_floor, (former or 0.0) - policy.sensitivity_may_lose)
    yield _at_least("malignant_sensitivity", sensitivity, least, before=former)
    f1, former = _figure(figures, "macro_f1"), _figure(before, "macro_f1")
    lost = None if former is None else former - policy.macro_f1_may_lose
    yield _at_least("macro_f1", f1, lost, before=former)
    recall, weakest = _weakest_class(figures)
    yield _at_least("class_recall", recall, policy.class_recall_floor, about=weakest)
    yield _at_most("ece", _figure(figures, "ece"), policy.ece_limit, before=_figure(before, "ece"))
    missing = _at_least("robustness", None, policy.robustness_floor)
    robust = disturbance_gates(figures, policy=policy).values()
    yield min(robust, key=lambda one: one.candidate or 0.0, default=missing)
    yield _at_least("beyond_colour", _beyond_colour(figures), policy.colour_margin)
    yield _apart(figures)
    yield _at_least("images", _figure(figures, "n"), float(policy.least_images))
    if policy.card_required:
        complete = CardText.objects.filter(model=version).exists()
        yield GateResult("card", float(complete), None, 1.0, complete)


def _at_least(
    name: str,
    figure: float | None,
    limit: float | None,
    *,
    before: float | None = None,
    about: str = "",
) -> GateResult:
    missing = figure is None or limit is None
    passed = None if missing else figure >= limit - ROUNDING  # type: ignore[operator]
    return GateResult(name, figure, before, limit, passed, about=about)


def _at_most(name: str, figure: float | None, limit: float, *, before: float | None) -> GateResult:
    passed = None if figure is None else figure <= limit + ROUNDING
    return GateResult(name, figure, before, limit, passed, at_most=True)


def _weakest_class(figures: Any) -> tuple[float | None, str]:
    """Return the lowest recall of a class that occurs, and the class."""
    found = [
        (float(row["recall"]), str(code))
        for code, row in (figures.get("per_class") or {}).items()
        if row.get("support")
    ]
    return min(found, default=(None, ""))


def _beyond_colour(figures: Any) -> float | None:
    accuracy = _figure(figures, "accuracy")
    colour = _figure(figures, "colour_only_baseline", "accuracy")
    return None if accuracy is None or colour is None else accuracy - colour


def _apart(figures: Any) -> GateResult:
    """Return whether the pictures' groups are on one side each; an image-level split flatters."""
    split = str(figures.get("split", ""))
    if split in {"", UNKNOWN}:
        return GateResult("apart", None, None, 1.0, None)
    apart = not split.startswith(IMAGE_LEVEL)
    return GateResult("apart", float(apart), None, 1.0, apart)


def _figure(values: Any, *path: str) -> float | None:
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return float(values) if isinstance(values, int | float) else None
