"""Confirming many images of the clear lane at once, by script: with the own password."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.api.answers import ConfirmedAnswer, NotConfirmed
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import ConfirmBody
from hemaqueue.common.errors import NotAllowed
from hemaqueue.pipeline.reading import images_confirmed


class ConfirmView(Endpoint):
    @extend_schema(
        operation_id="images_confirm", request=ConfirmBody, responses={200: ConfirmedAnswer}
    )
    def post(self, request: Request) -> Response:
        """Confirm what was suggested for images that are clear; the others are named with why."""
        if not sites_allowing(self.user, act=Act.DECIDE):
            raise NotAllowed
        done = images_confirmed(
            by=self.user, request=request._request, **ConfirmBody.read(request.data)
        )
        refused = [NotConfirmed(one.image, one.code, one.reasons) for one in done.refused]
        return Response(ConfirmedAnswer(done.images, refused).to_json())
