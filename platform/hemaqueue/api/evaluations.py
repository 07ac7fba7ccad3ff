"""What versions scored: figures for every member; single pictures for who runs the installation."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.api.answers import (
    ComparisonAnswer,
    EvaluatedPictureList,
    EvaluationAnswer,
    EvaluationList,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.api.jobs import AGAIN_AFTER
from hemaqueue.api.pagination import AFTER, page_beyond
from hemaqueue.api.shown.comparing import comparison_answer
from hemaqueue.api.shown.evaluations import (
    evaluation_answer,
    evaluation_list_answer,
    picture_answers,
)
from hemaqueue.audit.services import audit_record
from hemaqueue.evaluations.comparing import comparison_of, pair_get
from hemaqueue.evaluations.error_readings import UNREAD, pictures_read, reasons_counted
from hemaqueue.evaluations.models import ErrorReason
from hemaqueue.evaluations.selectors import Side, evaluation_get, pictures_of, pictures_order
from hemaqueue.evaluations.services import evaluation_import
from hemaqueue.pipeline.judging import version_judged
from hemaqueue.registry.selectors import model_get


class ModelEvaluationsView(Endpoint):
    @extend_schema(operation_id="evaluation_list", responses=EvaluationList)
    def get(self, request: Request, pk: UUID) -> Response:
        """What one version scored, the newest evaluation first."""
        return Response(evaluation_list_answer(model_get(pk)).to_json())

    @extend_schema(operation_id="evaluation_request", request=None, responses={202: EvaluationList})
    def post(self, request: Request, pk: UUID) -> Response:
        """Have a version judged on the frozen test set, beside the one that serves.

        It is done in the background; `judging` says how far it is.
        """
        require_installation(self.user)
        version = model_get(pk)
        version_judged(version, by=self.user)
        response = Response(evaluation_list_answer(version).to_json(), status=202)
        response["Retry-After"] = AGAIN_AFTER
        return response


class EvaluationsView(Endpoint):
    @extend_schema(
        operation_id="evaluation_import",
        request={"application/json": {"type": "object"}},
        responses={201: EvaluationAnswer},
    )
    def post(self, request: Request) -> Response:
        """Take in what `./hemaqueue evaluate --json` printed. The same report twice is one."""
        require_installation(self.user)
        evaluation = evaluation_import(request.data, by=self.user)
        return Response(evaluation_answer(evaluation).to_json(), status=201)


class EvaluationView(Endpoint):
    @extend_schema(operation_id="evaluation_read", responses=EvaluationAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One evaluation with its whole report."""
        return Response(evaluation_answer(evaluation_get(pk)).to_json())


class EvaluationPicturesView(Endpoint):
    queries = {
        "GET": [
            OpenApiParameter("label", str),
            OpenApiParameter("named", str),
            OpenApiParameter("side", str, enum=Side.values),
            OpenApiParameter("reason", str, enum=[*ErrorReason.values, UNREAD]),
            *AFTER,
        ]
    }

    @extend_schema(operation_id="evaluation_pictures", responses=EvaluatedPictureList)
    def get(self, request: Request, pk: UUID) -> Response:
        """The pictures of a side, or of a cell of the confusion matrix; of neither: the errors.

        `reason` leaves those of which somebody said so; "none", those of which nobody said why.
        """
        require_installation(self.user)
        asked = {name: request.query_params.get(name, "") for name in ("label", "named", "side")}
        evaluation = evaluation_get(pk)
        audit_record("evaluation.view", by=self.user, about=evaluation, pictures=True)
        every = pictures_of(evaluation, **asked)
        found = pictures_read(every, reason=request.query_params.get("reason", ""))
        order = pictures_order(asked["side"])
        shown, more = page_beyond(found, order=order, request=request)
        answers = picture_answers(shown, user=self.user)
        counts = reasons_counted(every)
        return Response(EvaluatedPictureList(found.count(), counts, more, answers).to_json())


class ModelAgainstView(Endpoint):
    queries = {"GET": [OpenApiParameter("data", str)]}

    @extend_schema(operation_id="model_against", responses=ComparisonAnswer)
    def get(self, request: Request, pk: UUID, other: UUID) -> Response:
        """What tells two versions apart on the newest images that both were judged on.

        `data` is the beginning of a digest of images; the flips come with what got worse first.
        """
        require_installation(self.user)
        version, against = model_get(pk), model_get(other)
        pair = pair_get(version, against, data=request.query_params.get("data", ""))
        audit_record("evaluation.compare", by=self.user, about=version, other=str(against.pk))
        return Response(comparison_answer(comparison_of(*pair), user=self.user).to_json())
