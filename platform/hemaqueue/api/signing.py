"""Signing a case, and opening a signed one again, by script: with the own password in the body."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import CaseAnswer, SignatureAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import AmendBody, SignBody
from hemaqueue.api.shown.cases import case_answer, signature_answer
from hemaqueue.pipeline.steps import case_signed
from hemaqueue.reviews.amending import review_amend
from hemaqueue.specimens.selectors import case_get


class CaseSignView(Endpoint):
    @extend_schema(operation_id="case_sign", request=SignBody, responses={201: SignatureAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Sign what `stamp` stands for. 409 lists what has to be done first."""
        case = case_get(self.user, pk)
        require(self.user, act=Act.SIGN, site=case.site_id)
        signature = case_signed(
            case, by=self.user, request=request._request, **SignBody.read(request.data)
        )
        return Response(signature_answer(signature).to_json(), status=201)


class CaseAmendView(Endpoint):
    @extend_schema(operation_id="case_amend", request=AmendBody, responses={201: CaseAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Open the next revision of a signed case. What was signed stays as it is."""
        case = case_get(self.user, pk)
        require(self.user, act=Act.SIGN, site=case.site_id)
        review_amend(case, by=self.user, **AmendBody.read(request.data))
        return Response(case_answer(case, user=self.user).to_json(), status=201)
