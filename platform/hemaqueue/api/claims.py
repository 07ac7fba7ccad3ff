"""Holding a case while it is read."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import ClaimAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import ClaimBody
from hemaqueue.api.shown.worklist import claim_answer
from hemaqueue.reviews.claims import case_claim, case_release, case_take_over, claim_standing
from hemaqueue.reviews.reading import require_reading
from hemaqueue.specimens.selectors import case_get


class CaseClaimView(Endpoint):
    @extend_schema(operation_id="case_claim", request=ClaimBody, responses={200: ClaimAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Claim a case, or renew the claim; with a reason, take it over from who holds it."""
        case = case_get(self.user, pk)
        require_reading(self.user, case=case)
        reason = ClaimBody.read(request.data).get("take_over_reason", "")
        if reason:
            claim = case_take_over(case, by=self.user, reason=reason)
        else:
            claim = case_claim(case, by=self.user)
        return Response(claim_answer(claim).to_json())

    @extend_schema(operation_id="case_release", request=None, responses={200: ClaimAnswer})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Let the case go. What somebody else holds stays theirs."""
        case = case_get(self.user, pk)
        require_reading(self.user, case=case)
        case_release(case, by=self.user)
        return Response(claim_answer(claim_standing(case)).to_json())
