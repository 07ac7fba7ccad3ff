"""Which scope of a token opens which endpoint. What stands here is said again by the access table.

Reading asks for `result:read`, everything else for what its row says; an act without a row is for
people alone, who log in: a token makes no tokens, and never has a person's signing power.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hemaqueue.accounts.scopes import Scope
from hemaqueue.common.errors import NotAllowed

if TYPE_CHECKING:
    from rest_framework.request import Request

    from hemaqueue.accounts.scopes import Bearer

SAFE = ("GET", "HEAD")
EVERY = frozenset(Scope)
SEND, READ, WORK, REVIEW, REPORT, MANAGE = (frozenset({scope}) for scope in Scope)
SENT = SEND | READ  # who sends may see how far it is

READS: dict[str, frozenset[Scope]] = {
    "batch": SENT,
    "batch_files": SENT,
    "job": SENT,
    "notices": SENT,
    "returns": SENT,
    "status": EVERY,
    "schema": EVERY,
    "docs": EVERY,
    "policy": READ | MANAGE,
    "tokens": frozenset(),
}

WRITES: dict[str, frozenset[Scope]] = {
    "images": SEND,
    "smears": SEND,
    "upload": SEND,
    "predict": SEND,
    "image_withdraw": SEND,
    "image_release": SEND,
    "batches": SEND,
    "archives": SEND,
    "manifests": SEND,
    "batch_held": SEND,
    "case_attach": SEND,
    "return_answer": SEND,
    "notices_see": SENT,
    "saved_views": SENT,
    "saved_view": SENT,
    "batch_retry": WORK,
    "job_retry": WORK,
    "job_cancel": WORK,
    "explanations": READ | REVIEW,
    "decisions": REVIEW,
    "undo": REVIEW,
    "first_read": REVIEW,
    "adjudications": REVIEW,
    "cells": REVIEW,
    "cells_find": REVIEW,
    "cells_proposed": REVIEW,
    "cell": REVIEW,
    "case_share": REVIEW,
    "case_claim": REVIEW,
    "referrals": REVIEW,
    "referral": REVIEW,
    "referral_answer": REVIEW,
    "image_return": REVIEW,
    "label_withdrawals": REVIEW | MANAGE,
    "report": REPORT,
    "case_reports": REPORT,
    "exports": REPORT,
    "training_runs": MANAGE,
    "training_run_cancel": MANAGE,
    "training_run_retry": MANAGE,
    "datasets": MANAGE,
    "dataset": MANAGE,
    "dataset_import": MANAGE,
    "dataset_picture_withdrawals": MANAGE,
    "snapshots": MANAGE,
    "frozen_test": MANAGE,
    "evaluations": MANAGE,
    "error_readings": MANAGE,
    "model_promote": MANAGE,
    "proposals": MANAGE,
    "proposal_confirm": MANAGE,
    "proposal_decline": MANAGE,
    "gates": MANAGE,
    "model_point": MANAGE,
    "model_card": MANAGE,
    "ai": MANAGE,
    "model_evaluations": MANAGE,
    "rescores": MANAGE,
    "shadows": MANAGE,
    "shadow_stop": MANAGE,
    "rescore_cancel": MANAGE,
    "model_reject": MANAGE,
    "policy": MANAGE,
    "scale": MANAGE,
    "image_scale": SEND | REVIEW | MANAGE,
}


class ScopeMissing(NotAllowed):
    """The token's scopes do not include this. Make one that has the scope named here."""

    code = "scope_missing"


class PersonNeeded(NotAllowed):
    """A token cannot do this. Log in, and do it as a person."""

    code = "session_required"


def scopes_for(name: str, method: str) -> frozenset[Scope]:
    """Return the scopes of which a token needs one; none means that no token will do."""
    if method in SAFE:
        return READS.get(name, READ)
    return WRITES.get(name, frozenset())


def require_scope(request: Request, bearer: Bearer | None) -> None:
    """Let people pass, and tokens that carry what this endpoint asks for.

    Raises:
        PersonNeeded: no token will do.
        ScopeMissing: another one would.
    """
    if bearer is None or request.method == "OPTIONS":
        return
    match = request.resolver_match
    wanted = scopes_for(str(match.url_name) if match else "", str(request.method))
    if not wanted:
        raise PersonNeeded
    if not bearer.has(wanted):
        raise ScopeMissing(f"The token needs the scope {' or '.join(sorted(wanted))}.")
