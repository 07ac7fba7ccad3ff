"""Letting a candidate serve by two administrators: one proposes, another one confirms."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.api.answers.registry import ProposalAnswer, ProposalList
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import ReasonBody
from hemaqueue.api.registry_bodies import PromoteBody
from hemaqueue.api.shown.registry import proposal_answer
from hemaqueue.evaluations.proposals import (
    proposal_confirm,
    proposal_decline,
    proposal_get,
    proposal_list,
    proposal_make,
)
from hemaqueue.registry.selectors import model_get


class ProposalsView(Endpoint):
    @extend_schema(operation_id="proposal_list", responses=ProposalList)
    def get(self, request: Request, pk: UUID) -> Response:
        """What was proposed of a version, the newest first, and how each proposal stands."""
        require_installation(self.user)
        found = [proposal_answer(one) for one in proposal_list(model_get(pk))]
        return Response(ProposalList(found).to_json())

    @extend_schema(
        operation_id="proposal_make", request=PromoteBody, responses={201: ProposalAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Propose that a candidate serves, where two people decide."""
        require_installation(self.user)
        made = proposal_make(model_get(pk), by=self.user, **PromoteBody.read(request.data))
        return Response(proposal_answer(proposal_get(made.pk)).to_json(), status=201)


class ProposalConfirmView(Endpoint):
    @extend_schema(operation_id="proposal_confirm", request=None, responses=ProposalAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Let a version serve that another administrator proposed."""
        require_installation(self.user)
        proposal_confirm(proposal_get(pk), by=self.user)
        return Response(proposal_answer(proposal_get(pk)).to_json())


class ProposalDeclineView(Endpoint):
    @extend_schema(operation_id="proposal_decline", request=ReasonBody, responses=ProposalAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Decline a proposal with a reason, or take your own back."""
        require_installation(self.user)
        proposal_decline(proposal_get(pk), by=self.user, **ReasonBody.read(request.data))
        return Response(proposal_answer(proposal_get(pk)).to_json())
