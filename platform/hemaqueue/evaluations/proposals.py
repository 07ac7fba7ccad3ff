"""Letting a candidate serve by two administrators, where the gate policy asks for two.

One proposes with the reason, another one confirms. A proposal rests on what its author saw: it
holds no more once the candidate was judged anew, the gates changed, or another version serves.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hemaqueue.accounts.selectors import administrators, require_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Missing, Refused
from hemaqueue.evaluations.gates import gates_require
from hemaqueue.evaluations.models import Proposal, ProposalEnd
from hemaqueue.evaluations.policy import gate_policy
from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.registry.deciding import (
    VersionRejected,
    VersionServesAlready,
    model_promote,
    promotions_in_turn,
    require_reason,
)
from hemaqueue.registry.models import LONGEST_REASON, ModelStatus, ModelVersion

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class TwoPeopleNeeded(Conflict):
    """Two administrators let a candidate serve. Propose it; another one confirms."""

    code = "two_people_needed"


class ProposalNotNeeded(Conflict):
    """One administrator decides here. Let it serve, with the reason."""

    code = "proposal_not_needed"


class ProposalOpen(Conflict):
    """This version is proposed already. That is confirmed or declined first."""

    code = "proposal_open"


class ProposalOwn(Conflict):
    """You proposed it yourself. Another administrator confirms it."""

    code = "proposal_own"


class ProposalEnded(Conflict):
    """This proposal was confirmed or declined already. Nothing was changed."""

    code = "proposal_ended"


class ProposalStale(Conflict):
    """What this proposal rests on has changed. Look again, and propose it anew."""

    code = "proposal_stale"


class Standing(StrEnum):
    """How a proposal stands; all but the first three say why it holds no more."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    DECIDED = "decided"
    JUDGED = "judged_anew"
    GATES = "gates_changed"
    SERVING = "serving_changed"


ENDED = (Standing.CONFIRMED, Standing.DECLINED)


def one_may_promote() -> bool:
    """Say whether one administrator lets a candidate serve."""
    return not gate_policy().two_people


def proposal_list(version: ModelVersion) -> QuerySet[Proposal]:
    """Return what was proposed of a version, the newest first."""
    found = Proposal.objects.filter(model=version)
    return found.select_related("model", "by", "end__by").order_by("-at", "-pk")


def proposal_get(pk: UUID) -> Proposal:
    found = Proposal.objects.filter(pk=pk).select_related("model", "by", "end__by").first()
    if found is None:
        raise Missing
    return found


def proposal_standing(proposal: Proposal) -> Standing:
    """Return whether a proposal is open, how it ended, or why it holds no more."""
    end = ProposalEnd.objects.filter(proposal=proposal).first()
    if end:
        return Standing.CONFIRMED if end.confirmed else Standing.DECLINED
    version = ModelVersion.objects.get(pk=proposal.model_id)
    if version.status != ModelStatus.CANDIDATE:
        return Standing.DECIDED
    evaluation, policy, former = _grounds(version)
    if evaluation != proposal.evaluation_id:
        return Standing.JUDGED
    if policy != proposal.policy_id:
        return Standing.GATES
    return Standing.OPEN if former == proposal.former_id else Standing.SERVING


def proposal_open_to(proposal: Proposal, *, standing: Standing) -> list[User]:
    """Return who may confirm an open proposal: whoever else runs the installation."""
    if standing is not Standing.OPEN:
        return []
    return list(administrators().exclude(pk=proposal.by_id))


def _grounds(version: ModelVersion) -> tuple[UUID | None, int | None, UUID | None]:
    """Return the evaluation, the policy and the serving version that a proposal rests on."""
    evaluation = evaluation_deciding(version)
    serving = ModelVersion.objects.filter(image_kind=version.image_kind, status=ModelStatus.SERVING)
    former = serving.values_list("pk", flat=True).first()
    return evaluation.pk if evaluation else None, gate_policy().pk, former


@transaction.atomic
def proposal_make(version: ModelVersion, *, reason: str, override: str, by: User) -> Proposal:
    """Propose that a candidate serve; `override` is why although a gate was not passed.

    Raises:
        Refused, GatesFailed: a reason is missing.
        ProposalNotNeeded, ProposalOpen: one decides here, or somebody proposed it before.
        VersionRejected, VersionServesAlready: it is no candidate.
    """
    require_installation(by)
    require_reason(reason)
    promotions_in_turn()
    version = ModelVersion.objects.get(pk=version.pk)
    _require_candidate(version)
    if one_may_promote():
        raise ProposalNotNeeded
    last = proposal_list(version).first()
    if last and proposal_standing(last) is Standing.OPEN:
        raise ProposalOpen
    gates_require(version, override=override)
    evaluation, policy, former = _grounds(version)
    made = Proposal.objects.create(
        model=version,
        evaluation_id=evaluation,
        policy_id=policy,
        former_id=former,
        by=by,
        reason=reason.strip()[:LONGEST_REASON],
        override=override.strip()[:LONGEST_REASON],
    )
    overridden = bool(override.strip())
    audit_record(
        "model.propose", by=by, about=version, proposal=str(made.pk), overridden=overridden
    )
    return made


def _require_candidate(version: ModelVersion) -> None:
    """Raise unless a version is a candidate; going back is one person's act and needs no second."""
    if version.status == ModelStatus.REJECTED:
        raise VersionRejected
    if version.status == ModelStatus.SERVING:
        raise VersionServesAlready
    if version.status == ModelStatus.RETIRED:
        raise ProposalNotNeeded


@transaction.atomic
def proposal_confirm(proposal: Proposal, *, by: User) -> None:
    """Let a version serve that another administrator proposed.

    Raises:
        ProposalEnded, ProposalStale: it was decided, or what it rests on has changed.
        ProposalOwn: `by` proposed it.
        GatesFailed: a gate is not passed any more, and nobody said why it serves all the same.
    """
    require_installation(by)
    promotions_in_turn()
    _require_open(proposal)
    if proposal.by_id == by.pk:
        raise ProposalOwn
    version = ModelVersion.objects.get(pk=proposal.model_id)
    gates_require(version, override=proposal.override)
    ProposalEnd.objects.create(proposal=proposal, confirmed=True, by=by)
    model_promote(
        version,
        by=by,
        reason=proposal.reason,
        override=proposal.override,
        proposed_by=proposal.by,
    )


@transaction.atomic
def proposal_decline(proposal: Proposal, *, reason: str, by: User) -> None:
    """Decline a proposal, or take the own one back. The version stays a candidate.

    Raises:
        Refused: there is no reason.
        ProposalEnded, ProposalStale: there is nothing left to decline.
    """
    require_installation(by)
    if not reason.strip():
        raise Refused("Say why this version shall not serve.", code="reason_required")
    promotions_in_turn()
    _require_open(proposal)
    ProposalEnd.objects.create(
        proposal=proposal, confirmed=False, by=by, reason=reason.strip()[:LONGEST_REASON]
    )
    audit_record("model.decline", by=by, about=proposal.model, proposal=str(proposal.pk))


def _require_open(proposal: Proposal) -> None:
    standing = proposal_standing(proposal)
    if standing in ENDED:
        raise ProposalEnded
    if standing is not Standing.OPEN:
        raise ProposalStale
