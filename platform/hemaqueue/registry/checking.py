"""Trying a version before it serves again: it is loaded, and scores a known picture.

The picture is drawn by this project's generator; what a version said of it the first time is
what it has to say again.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict
from hemaqueue.registry.deciding import VersionRejected, model_promote, require_reason
from hemaqueue.registry.models import LONGEST_REASON, ModelCheck, ModelStatus, ModelVersion
from hemaqueue.registry.selectors import model_classes
from jobcontract import sealing

if TYPE_CHECKING:
    from uuid import UUID

    from hemaqueue.accounts.models import User
    from jobcontract.messages import Classification, SealedFile

GOLDEN = Path(__file__).parent / "golden.jpg"
SAME = 0.02  # of a score: half precision and another processor move the third decimal


class VersionServesAlready(Conflict):
    """This version serves already. Nothing was changed."""

    code = "serves_already"


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
    check.scores, check.fault = dict(said.scores), _fault(check, said=said)
    check.passed = not check.fault
    check.save(update_fields=["scores", "fault", "passed"])
    audit_record("model.checked", by=None, about=check.model, passed=check.passed)
    if check.passed:
        model_promote(check.model, by=check.by, reason=check.reason)
    return check


def _fault(check: ModelCheck, *, said: Classification) -> str:
    """Return what is wrong with an answer, or nothing."""
    scores = said.scores
    if set(scores) != set(model_classes(check.model)) or said.label not in scores:
        return "It answered with other classes than its own."
    if not all(map(math.isfinite, scores.values())) or abs(sum(scores.values()) - 1) > SAME:
        return "Its scores are no shares of one."
    known = ModelCheck.objects.filter(model=check.model, passed=True).order_by("at").first()
    if known and any(abs(known.scores[code] - scores[code]) > SAME for code in scores):
        return "It says something else of the known picture than it did before."
    return ""


def check_latest(version: ModelVersion) -> ModelCheck | None:
    """Return the newest try of a version, or None."""
    return ModelCheck.objects.filter(model=version).order_by("-at", "-pk").first()
