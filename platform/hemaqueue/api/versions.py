"""Model versions: which there are, and which serve. No patient data is in them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import ModelList
from hemaqueue.api.base import Endpoint
from hemaqueue.api.shown.models import model_card
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_list, models_serving_at


class ModelsView(Endpoint):
    @extend_schema(operation_id="model_list", responses=ModelList)
    def get(self, request: Request) -> Response:
        """Every version this installation knows, the serving ones first."""
        return Response(ModelList([model_card(one) for one in model_list()]).to_json())


MOMENT = "A moment in ISO 8601, such as 2026-05-01T00:00Z; without a zone the installation's holds."


class ServingView(Endpoint):
    queries = {"GET": [OpenApiParameter("at", str, description=MOMENT)]}

    @extend_schema(operation_id="model_serving", responses=ModelList)
    def get(self, request: Request) -> Response:
        """The versions that serve, one for each kind of image; with `at`, those that did then."""
        if asked := request.query_params.get("at"):
            moment = _moment(asked)
            found = [model_card(one, at=moment) for one in models_serving_at(moment)]
            return Response(ModelList(found).to_json())
        serving = model_list().filter(status=ModelStatus.SERVING)
        return Response(ModelList([model_card(one) for one in serving]).to_json())


def _moment(asked: str) -> datetime:
    """Return the moment that was asked for, see MOMENT."""
    try:
        found = datetime.fromisoformat(asked.replace(" ", "+"))
        return (found if found.tzinfo else timezone.make_aware(found)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError({"at": "A moment looks like 2026-05-01T00:00Z."}) from error
