"""Deciding which version serves, and which never does: a person's act, with a reason."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.registry.models import LONGEST_REASON, Activation, ModelStatus, ModelVersion


class VersionRejected(Conflict):
    """This version was rejected. It never serves."""

    code = "rejected"


class VersionServesAlready(Conflict):
    """This version serves already. Nothing was changed."""

    code = "serves_already"


class VersionServes(Conflict):
    """This version serves. Let another one serve first."""

    code = "serves"


@transaction.atomic
def model_promote(
    version: ModelVersion,
    *,
    by: User | None,
    reason: str,
    override: str = "",
    proposed_by: User | None = None,
) -> None:
    """Let a version serve its kind of image; the former one retires. Going back is the same act.

    `override` is why it serves although a gate was not passed; `proposed_by` gave both reasons,
    where `by` confirmed them.
    """
    require_reason(reason)
    promotions_in_turn()
    kind = ModelVersion.objects.select_for_update().filter(image_kind=version.image_kind)
    match kind.get(pk=version.pk).status:
        case ModelStatus.REJECTED:
            raise VersionRejected
        case ModelStatus.SERVING:
            raise VersionServesAlready
    former = kind.filter(status=ModelStatus.SERVING).first()
    if former:
        ModelVersion.objects.filter(pk=former.pk).update(status=ModelStatus.RETIRED)
    ModelVersion.objects.filter(pk=version.pk).update(status=ModelStatus.SERVING)
    Activation.objects.create(
        model=version,
        former=former,
        by=by,
        proposed_by=proposed_by,
        reason=reason.strip()[:LONGEST_REASON],
        override=override.strip()[:LONGEST_REASON],
    )
    details: dict[str, Any] = {"former": str(former.pk) if former else ""}
    if proposed_by:
        details["proposed_by"] = str(proposed_by.pk)
    overridden = bool(override.strip())
    audit_record("model.promote", by=by, about=version, overridden=overridden, **details)


@transaction.atomic
def model_reject(version: ModelVersion, *, by: User, reason: str) -> None:
    """Decide that a version shall never serve. Results that name it keep it readable.

    Raises:
        Refused: no reason was given.
        VersionServes, VersionRejected: it serves, or was rejected before.
    """
    if not reason.strip():
        raise Refused("Say why this version shall not serve.", code="reason_required")
    promotions_in_turn()
    status = ModelVersion.objects.select_for_update().get(pk=version.pk).status
    if status == ModelStatus.SERVING:
        raise VersionServes
    if status == ModelStatus.REJECTED:
        raise VersionRejected
    ModelVersion.objects.filter(pk=version.pk).update(
        status=ModelStatus.REJECTED, rejected_because=reason.strip()[:300]
    )
    audit_record("model.reject", by=by, about=version)


def promotions_in_turn() -> None:
    """Let one decision about what serves wait for another, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('promotion'))")


def require_reason(reason: str) -> None:
    """Raise Refused unless somebody said why."""
    if not reason.strip():
        raise Refused("Say why this version shall serve.", code="reason_required")
