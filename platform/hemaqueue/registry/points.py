"""The operating point: from which score on a picture is malignant, and when a model abstains.

A version's own thresholds hold until a person chooses others, with a reason. They hold for what
is asked from then on; a result keeps those under which it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.registry.models import LONGEST_REASON, ModelVersion, OperatingPoint

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class PointUnexplained(Refused):
    """Say why these thresholds shall hold."""

    code = "reason_required"


class PointOutOfRange(Refused):
    """A threshold is a share of 1: above 0 and below 1."""

    code = "point_out_of_range"


class PointUnchanged(Conflict):
    """These thresholds hold already. Nothing was changed."""

    code = "point_unchanged"


@dataclass(frozen=True)
class Thresholds:
    """What holds for a version; `point` is None while they are the bundle's own."""

    decision: float | None
    abstain: float | None
    point: OperatingPoint | None = None


def thresholds_of(version: ModelVersion, *, at: datetime | None = None) -> Thresholds:
    """Return the thresholds that hold for new results of a version, or that held at a moment."""
    chosen = points_of(version)
    return thresholds_under(version, point=(chosen.filter(at__lte=at) if at else chosen).first())


def thresholds_under(version: ModelVersion, *, point: OperatingPoint | None) -> Thresholds:
    """Return the thresholds of a version under a point, or without one the bundle's own."""
    if point:
        return Thresholds(point.decision, point.abstain, point)
    own = version.facts.get("thresholds") or {}
    return Thresholds(own.get("decision"), own.get("abstain"))


def points_of(version: ModelVersion) -> QuerySet[OperatingPoint]:
    found = OperatingPoint.objects.filter(model=version).select_related("by")
    return found.order_by("-at", "-pk")


@transaction.atomic
def point_choose(
    version: ModelVersion,
    *,
    decision: float,
    abstain: float,
    evaluation: UUID,
    reason: str,
    by: User,
) -> OperatingPoint:
    """Let other thresholds hold for what a version is asked from now on.

    Raises:
        PointUnexplained, PointOutOfRange: there is no reason, or a threshold is no share of 1.
        PointUnchanged: they hold already.
    """
    if not reason.strip():
        raise PointUnexplained
    if not (0 < decision < 1 and 0 < abstain < 1):
        raise PointOutOfRange
    ModelVersion.objects.select_for_update().get(pk=version.pk)  # one change after another
    now = thresholds_of(version)
    if (now.decision, now.abstain) == (decision, abstain):
        raise PointUnchanged
    point = OperatingPoint.objects.create(
        model=version,
        decision=decision,
        abstain=abstain,
        evaluation=evaluation,
        by=by,
        reason=reason.strip()[:LONGEST_REASON],
    )
    changed = {"decision": [now.decision, decision], "abstain": [now.abstain, abstain]}
    audit_record("model.operating_point", by=by, about=version, changed=changed)
    return point
