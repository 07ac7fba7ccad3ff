"""What a version does live, week by week, beside its baseline. For every member, as models are."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers.drift import DriftAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.shown.drift import drift_answer
from hemaqueue.evaluations.drifted import drift_of
from hemaqueue.registry.selectors import model_get

WEEKS_AT_ONCE = 53


class ModelDriftView(Endpoint):
    @extend_schema(operation_id="model_drift", responses=DriftAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The weeks in which something came in for a version, the newest first, a year at most."""
        version = model_get(pk)
        drift = drift_of(version, most=WEEKS_AT_ONCE)
        return Response(drift_answer(version, drift).to_json())
