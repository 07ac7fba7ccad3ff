"""Deciding about an image."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import DecisionAnswer, ImageAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import DecisionBody
from hemaqueue.api.reading_bodies import FirstReadBody, UndoBody
from hemaqueue.api.shown.images import decision_answer, image_answer
from hemaqueue.common.errors import Conflict
from hemaqueue.reviews.adjudicating import decision_adjudicate
from hemaqueue.reviews.first_reads import first_read_record
from hemaqueue.reviews.reading import require_reading
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.reviews.undoing import decision_undo
from hemaqueue.specimens.selectors import image_get


class Withdrawn(Conflict):
    """This image was withdrawn. Nothing is decided about it."""

    code = "withdrawn"


class FirstReadView(Endpoint):
    @extend_schema(
        operation_id="first_read_record", request=FirstReadBody, responses={201: ImageAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Record what you see before the suggestion is shown; the answer shows it.

        The same words again are answered alike. 409 `first_read_made` where it is shown already.
        """
        image = image_get(self.user, pk)
        first_read_record(image, by=self.user, **FirstReadBody.read(request.data))
        return Response(image_answer(image, reader=self.user).to_json(), status=201)


class UndoView(Endpoint):
    @extend_schema(operation_id="decision_undo", request=UndoBody, responses=ImageAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take your last decision back, within ten seconds. 410 when that is over."""
        image = image_get(self.user, pk)
        decision_undo(image, stamp=UndoBody.read(request.data)["stamp"], by=self.user)
        return Response(image_answer(image, reader=self.user).to_json())


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
