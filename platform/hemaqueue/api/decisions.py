"""Deciding about an image."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import DecisionAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import DecisionBody
from hemaqueue.api.shown.images import decision_answer
from hemaqueue.common.errors import Conflict
from hemaqueue.reviews.adjudicating import decision_adjudicate
from hemaqueue.reviews.reading import require_reading
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.specimens.selectors import image_get


class Withdrawn(Conflict):
    """This image was withdrawn. Nothing is decided about it."""

    code = "withdrawn"


class DecisionsView(Endpoint):
    @extend_schema(
        operation_id="decision_record", request=DecisionBody, responses={201: DecisionAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Confirm or correct. A correction needs a reason; a stale stamp gets 409."""
        image = image_get(self.user, pk)
        require_reading(self.user, case=image.case)
        if image.withdrawn_at:
            raise Withdrawn
        verdict = Verdict(**DecisionBody.read(request.data))
        decision = decision_record(image, verdict=verdict, by=self.user)
        return Response(decision_answer(decision).to_json(), status=201)


class AdjudicationsView(Endpoint):
    @extend_schema(
        operation_id="decision_adjudicate", request=DecisionBody, responses={201: DecisionAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Settle what readers disagree about, with a reason. Their words stay on record."""
        image = image_get(self.user, pk)
        require(self.user, act=Act.DECIDE, site=image.site_id)
        verdict = Verdict(**DecisionBody.read(request.data))
        decision = decision_adjudicate(image, verdict=verdict, by=self.user)
        return Response(decision_answer(decision).to_json(), status=201)
