"""Trying a version before it serves again: it is loaded, and scores a known picture.

The picture is drawn by this project's generator; what a version said of it the first time is
what it has to say again.
"""

from __future__ import annotations

import math
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.registry.deciding import (
    VersionRejected,
    VersionServesAlready,
    model_promote,
    require_reason,
)
from hemaqueue.registry.models import (
    LONGEST_REASON,
    ModelCheck,
    ModelProof,
    ModelStatus,
    ModelVersion,
)
from hemaqueue.registry.selectors import model_classes
from jobcontract import sealing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from hemaqueue.accounts.models import User
    from jobcontract.messages import Classification, SealedFile

GOLDEN = Path(__file__).parent / "golden.jpg"
SAME = 0.02  # of a score: half precision and another processor move the third decimal


@transaction.atomic
def check_open(version: ModelVersion, *, by: User, reason: str) -> ModelCheck:
    """Note that a version shall serve again as soon as it was loaded and scored the known picture.

    Raises:
        Refused: no reason was given.
        VersionRejected, VersionServesAlready: it cannot, or does already.
    """
    require_reason(reason)
    status = ModelVersion.objects.select_for_update().get(pk=version.pk).status
    if status == ModelStatus.REJECTED:
        raise VersionRejected
    if status == ModelStatus.SERVING:
        raise VersionServesAlready
    check = ModelCheck.objects.create(model=version, by=by, reason=reason.strip()[:LONGEST_REASON])
    audit_record("model.check", by=by, about=version, check=str(check.pk))
    return check


def golden_seal(check: ModelCheck) -> SealedFile:
    """Store the known picture for the worker, sealed as every picture is."""
    return sealing.write_sealed(f"golden/{check.pk.hex}", GOLDEN.read_bytes())


@transaction.atomic
def check_answer(pk: UUID, *, said: Classification) -> ModelCheck:
    """Take in what a version said of the known picture; if it holds, the version serves."""
    check = ModelCheck.objects.select_for_update().select_related("model", "by").get(pk=pk)
    check.scores = dict(said.scores)
    check.fault = answer_fault(check.model, label=said.label, scores=said.scores)
    check.passed = not check.fault
    check.save(update_fields=["scores", "fault", "passed"])
    audit_record("model.checked", by=None, about=check.model, passed=check.passed)
    if check.passed:
        model_promote(check.model, by=check.by, reason=check.reason)
    return check


def answer_fault(version: ModelVersion, *, label: str, scores: Mapping[str, float]) -> str:
    """Return what is wrong with what a version said of the known picture, or nothing."""
    if set(scores) != set(model_classes(version)) or label not in scores:
        return "It answered with other classes than its own."
    if not all(map(math.isfinite, scores.values())) or abs(sum(scores.values()) - 1) > SAME:
        return "Its scores are no shares of one."
    known = _said_first(version)
    if known and any(abs(known[code] - scores[code]) > SAME for code in scores):
        return "It says something else of the known picture than it did before."
    return ""


def _said_first(version: ModelVersion) -> dict[str, float] | None:
    """Return what a version said the first time that it was sound, or None."""
    checks = ModelCheck.objects.filter(model=version, passed=True).values_list("at", "scores")
    proofs = ModelProof.objects.filter(model=version, fault="").values_list("at", "scores")
    first = [one for one in (checks.order_by("at").first(), proofs.order_by("at").first()) if one]
    return min(first, key=itemgetter(0))[1] if first else None


def check_latest(version: ModelVersion) -> ModelCheck | None:
    """Return the newest try of a version, or None."""
    return ModelCheck.objects.filter(model=version).order_by("-at", "-pk").first()
