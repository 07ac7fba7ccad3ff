"""Passing on: a second opinion, an image back to the bench, and the bench's answer."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import ReferralAnswer, ReferralList, ReturnAnswer, ReturnList
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import BenchAnswerBody, NoteBody, ReferBody, ReturnBody
from hemaqueue.api.shown.routing import referral_shown, return_shown
from hemaqueue.reviews import referring, returning
from hemaqueue.specimens.selectors import case_get, image_get


class ReferralsView(Endpoint):
    @extend_schema(operation_id="referral_list", responses=ReferralList)
    def get(self, request: Request, pk: UUID) -> Response:
        """Every second opinion that was asked for about a case, the newest first."""
        case = case_get(self.user, pk)
        rows = [referral_shown(one) for one in referring.referrals_of(case)]
        return Response(ReferralList(rows).to_json())

    @extend_schema(operation_id="referral_open", request=ReferBody, responses={201: ReferralAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Ask a clinician for a second opinion. One of another site is shown the case."""
        case = case_get(self.user, pk)
        require(self.user, act=Act.DECIDE, site=case.site_id)
        asked = ReferBody.read(request.data)
        to = referring.reader_named(asked["colleague"], besides=self.user)
        found = referring.referral_open(case, to=to, note=asked["note"], by=self.user)
        return Response(referral_shown(found).to_json(), status=201)


class ReferralAnswerView(Endpoint):
    @extend_schema(
        operation_id="referral_answer", request=NoteBody, responses={200: ReferralAnswer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give back the opinion that you were asked for."""
        found = referring.referral_get(self.user, pk)
        referring.referral_answer(found, answer=NoteBody.read(request.data)["note"], by=self.user)
        return Response(referral_shown(referring.referral_get(self.user, pk)).to_json())


class ReferralView(Endpoint):
    @extend_schema(operation_id="referral_end", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take back a second opinion that is not needed any more."""
        referring.referral_take_back(referring.referral_get(self.user, pk), by=self.user)
        return Response(status=204)


class ReturnsView(Endpoint):
    @extend_schema(operation_id="return_list", responses=ReturnList)
    def get(self, request: Request) -> Response:
        """What waits at your bench, the oldest first."""
        rows = [return_shown(one) for one in returning.returns_open(self.user)[:200]]
        return Response(ReturnList(rows).to_json())


class ImageReturnView(Endpoint):
    @extend_schema(operation_id="image_return", request=ReturnBody, responses={201: ReturnAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Send an image back to who uploaded it."""
        image = image_get(self.user, pk)
        require(self.user, act=Act.DECIDE, site=image.site_id)
        found = returning.image_return(image, by=self.user, **ReturnBody.read(request.data))
        found.refresh_from_db()
        return Response(return_shown(found).to_json(), status=201)


class ReturnAnswerView(Endpoint):
    @extend_schema(
        operation_id="return_answer", request=BenchAnswerBody, responses={200: ReturnAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Answer a reader: with another image of the case, or with a word that there is none."""
        image = image_get(self.user, pk)
        require(self.user, act=Act.UPLOAD, site=image.site_id)
        found = returning.return_get(self.user, image=image)
        said = BenchAnswerBody.read(request.data)
        if replacement := said.get("replacement"):
            other = image_get(self.user, replacement)
            returning.return_replace(found, replacement=other, by=self.user)
        else:
            returning.return_answer(found, answer=said.get("answer", ""), by=self.user)
        found.refresh_from_db()
        return Response(return_shown(found).to_json())
