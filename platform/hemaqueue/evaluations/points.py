"""Choosing an operating point: on what each threshold costs on pictures that were judged."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from hemaqueue.common.errors import Refused
from hemaqueue.evaluations.selectors import evaluations_of
from hemaqueue.registry.models import ModelVersion, OperatingPoint
from hemaqueue.registry.points import point_choose

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class PointUnfounded(Refused):
    """Choose thresholds on an evaluation of this version that says what each threshold costs."""

    code = "point_unfounded"


def point_choose_on_sweep(
    version: ModelVersion,
    *,
    evaluation: UUID,
    decision: float,
    abstain: float,
    reason: str,
    by: User,
) -> OperatingPoint:
    """Choose the thresholds of a version on the sweep of one of its evaluations.

    Raises:
        PointUnfounded: the evaluation is of another version, or has no sweep.
        PointUnexplained, PointOutOfRange, PointUnchanged: see `point_choose`.
    """
    found = evaluations_of(version).filter(pk=evaluation).first()
    if found is None or not found.report.get("threshold_sweep"):
        raise PointUnfounded
    return point_choose(
        version, decision=decision, abstain=abstain, evaluation=evaluation, reason=reason, by=by
    )
