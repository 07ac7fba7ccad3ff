"""Decisions about versions in the words of the interface."""

from __future__ import annotations

from hemaqueue.api.answers import (
    ActivationAnswer,
    CardTextAnswer,
    GatesAnswer,
    PointAnswer,
    SuspensionAnswer,
)
from hemaqueue.api.answers.registry import ProposalAnswer
from hemaqueue.evaluations.models import GatePolicy, Proposal
from hemaqueue.evaluations.policy import gate_limits
from hemaqueue.evaluations.proposals import proposal_open_to, proposal_standing
from hemaqueue.registry.cards import TEXTS, card_of
from hemaqueue.registry.models import Activation, AiSwitch, ModelVersion
from hemaqueue.registry.points import Thresholds


def activation_answer(one: Activation) -> ActivationAnswer:
    return ActivationAnswer(
        model=one.model_id,
        model_name=one.model.name,
        former=one.former_id,
        image_kind=one.model.image_kind,
        by=one.by.printed_name if one.by else "",
        proposed_by=one.proposed_by.printed_name if one.proposed_by else "",
        reason=one.reason,
        override=one.override,
        at=one.at,
    )


def proposal_answer(proposal: Proposal) -> ProposalAnswer:
    standing = proposal_standing(proposal)
    end = getattr(proposal, "end", None)
    return ProposalAnswer(
        id=proposal.pk,
        model=proposal.model_id,
        by=proposal.by.printed_name,
        reason=proposal.reason,
        override=proposal.override,
        at=proposal.at,
        standing=standing,
        open_to=[one.printed_name for one in proposal_open_to(proposal, standing=standing)],
        ended_by=end.by.printed_name if end else "",
        ended_at=end.at if end else None,
        declined_because=end.reason if end else "",
    )


def gates_answer(policy: GatePolicy) -> GatesAnswer:
    since = policy.at if policy.pk else None
    return GatesAnswer(**gate_limits(policy), reason=policy.reason, since=since)


def point_answer(version: ModelVersion, holding: Thresholds) -> PointAnswer:
    point = holding.point
    return PointAnswer(
        model=version.pk,
        decision=holding.decision,
        abstain=holding.abstain,
        evaluation=point.evaluation if point else None,
        by=point.by.printed_name if point else "",
        reason=point.reason if point else "",
        since=point.at if point else None,
    )


def suspension_answer(switch: AiSwitch) -> SuspensionAnswer:
    return SuspensionAnswer(
        site=switch.site.slug if switch.site else None,
        by=switch.by.printed_name,
        reason=switch.reason,
        since=switch.at,
    )


def card_answer(version: ModelVersion) -> CardTextAnswer:
    card = card_of(version)
    texts = {name: getattr(card, name) if card else "" for name in TEXTS}
    by = card.by.printed_name if card else ""
    return CardTextAnswer(model=version.pk, **texts, by=by, at=card.at if card else None)
