"""Model versions: which there are, and which serve. No patient data is in them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import ModelList
from hemaqueue.api.base import Endpoint
from hemaqueue.api.shown.models import model_card
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_list


class ModelsView(Endpoint):
    @extend_schema(operation_id="model_list", responses=ModelList)
    def get(self, request: Request) -> Response:
        """Every version this installation knows, the serving ones first."""
        return Response(ModelList([model_card(one) for one in model_list()]).to_json())


class ServingView(Endpoint):
    @extend_schema(operation_id="model_serving", responses=ModelList)
    def get(self, request: Request) -> Response:
        """The versions that serve, one for each kind of image."""
        serving = model_list().filter(status=ModelStatus.SERVING)
        return Response(ModelList([model_card(one) for one in serving]).to_json())
