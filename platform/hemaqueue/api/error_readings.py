"""Why pictures were named wrongly, in the eyes of who runs the installation."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.api.answers.evaluations import ErrorReadingAnswer, ErrorReadingList
from hemaqueue.api.base import Endpoint
from hemaqueue.api.body import Body
from hemaqueue.api.shown.evaluations import error_reading_answer
from hemaqueue.evaluations.error_readings import error_read, readings_of
from hemaqueue.evaluations.models import ErrorReason
from hemaqueue.evaluations.selectors import picture_get


class ErrorReadingBody(Body):
    """All reasons that you see; they take the place of yours before, none takes them back."""

    reasons = serializers.ListField(
        child=serializers.ChoiceField(ErrorReason.choices), max_length=len(ErrorReason)
    )


class ErrorReadingsView(Endpoint):
    @extend_schema(operation_id="error_readings", responses=ErrorReadingList)
    def get(self, request: Request, pk: int) -> Response:
        """What was said of why a picture was named wrongly, the newest first."""
        require_installation(self.user)
        said = [error_reading_answer(one) for one in readings_of(picture_get(pk))]
        return Response(ErrorReadingList(said).to_json())

    @extend_schema(
        operation_id="error_read",
        request=ErrorReadingBody,
        responses={201: ErrorReadingAnswer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say why a picture was named wrongly. Its evaluation stays as it is."""
        require_installation(self.user)
        picture = picture_get(pk)
        made = error_read(picture, by=self.user, **ErrorReadingBody.read(request.data))
        return Response(error_reading_answer(made).to_json(), status=201)
