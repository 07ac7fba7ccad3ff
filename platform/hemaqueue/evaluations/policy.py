"""What a candidate has to reach, as versioned data: a change is a row with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.evaluations.models import GatePolicy

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

LIMITS = (
    "sensitivity_may_lose", "sensitivity_floor", "macro_f1_may_lose", "class_recall_floor",
    "ece_limit", "robustness_floor", "colour_margin", "least_images", "card_required",
    "two_people",
)  # fmt: skip


class GatesUnexplained(Refused):
    """Say why the gates change."""

    code = "reason_required"


class GateOutOfRange(Refused):
    """A limit is out of its range. Nothing was changed."""

    code = "gate_out_of_range"


class GatesUnchanged(Conflict):
    """The gates already say this. Nothing was changed."""

    code = "gates_unchanged"


def gate_policy() -> GatePolicy:
    """Return the limits that hold; those that were never set have the usual values."""
    return GatePolicy.objects.order_by("-at", "-pk").first() or GatePolicy()


def gate_history() -> QuerySet[GatePolicy]:
    return GatePolicy.objects.select_related("by").order_by("-at", "-pk")


def gate_limits(policy: GatePolicy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in LIMITS}


@transaction.atomic
def gate_policy_change(limits: dict[str, Any], *, reason: str, by: User) -> GatePolicy:
    """Write the limits that hold from now on; what is not named stays. Former ones stay on record.

    Raises:
        GatesUnexplained, GateOutOfRange: there is no reason, or a limit is out of its range.
        GatesUnchanged: these limits hold already.
    """
    if not reason.strip():
        raise GatesUnexplained
    with connection.cursor() as cursor:  # one change after another
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gate policy'))")
    before = gate_limits(gate_policy())
    wanted = before | limits
    if wanted == before:
        raise GatesUnchanged
    policy = GatePolicy(by=by, reason=reason.strip(), **wanted)
    try:
        policy.clean_fields(exclude=["by", "at"])
    except ValidationError as error:
        names = ", ".join(sorted(error.message_dict))
        raise GateOutOfRange(f"Out of range: {names}. Nothing was changed.") from error
    policy.save()
    policy.refresh_from_db()
    new = {name: value for name, value in wanted.items() if before[name] != value}
    changed = {name: [before[name], value] for name, value in new.items()}
    audit_record("gates.change", by=by, about=policy, changed=changed)
    return policy
