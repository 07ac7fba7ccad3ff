"""Training, and which version serves: for who runs the installation, nobody else finds it."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.api.answers import (
    ModelCardAnswer,
    TrainingPreviewList,
    TrainingRunAnswer,
    TrainingRunPage,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import ReasonBody
from hemaqueue.api.jobs import AGAIN_AFTER
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.registry_bodies import PromoteBody
from hemaqueue.api.shown.models import model_card
from hemaqueue.api.shown.training import preview_answer, run_answer
from hemaqueue.api.training_bodies import PreviewQuery, TrainingBody, order_of
from hemaqueue.pipeline.learning import (
    training_asked_again,
    training_called_off,
    training_requested,
)
from hemaqueue.pipeline.versions import version_promoted, version_rejected
from hemaqueue.registry.selectors import model_get
from hemaqueue.training.models import EPOCHS_MOST
from hemaqueue.training.previews import run_preview
from hemaqueue.training.selectors import kinds_taught, run_get, run_list
from hemaqueue.training.snapshots import snapshot_get


class TrainingRunsView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="training_run_list", responses=TrainingRunPage)
    def get(self, request: Request) -> Response:
        """The runs, newest first."""
        require_installation(self.user)
        pages = KeysetPagination("requested_at")
        shown = pages.paginate_queryset(run_list(), request)
        return Response(TrainingRunPage(pages.next, [run_answer(one) for one in shown]).to_json())

    @extend_schema(
        operation_id="training_run_start",
        request=TrainingBody,
        responses={202: TrainingRunAnswer},
    )
    def post(self, request: Request) -> Response:
        """Have a version trained. A run of this kind of image that goes on is returned."""
        require_installation(self.user)
        asked = TrainingBody.read(request.data)
        run = training_requested(order_of(asked), by=self.user)
        answer = run_answer(run_get(run.pk))
        response = Response(answer.to_json(), status=202)
        response["Location"] = answer.url
        response["Retry-After"] = AGAIN_AFTER
        return response


class TrainingRunView(Endpoint):
    @extend_schema(operation_id="training_run_read", responses=TrainingRunAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Where a run stands, and what came of it."""
        require_installation(self.user)
        return Response(run_answer(run_get(pk)).to_json())


class TrainingCancelView(Endpoint):
    @extend_schema(
        operation_id="training_run_cancel", request=None, responses={202: TrainingRunAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Call a run off. Its worker stops within seconds; what it learned is not kept."""
        require_installation(self.user)
        run = training_called_off(run_get(pk), by=self.user)
        return Response(run_answer(run).to_json(), status=202)


class TrainingRetryView(Endpoint):
    @extend_schema(
        operation_id="training_run_retry", request=None, responses={202: TrainingRunAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Try a failed run again. It goes on after the last epoch that was kept, if one was."""
        require_installation(self.user)
        run = training_asked_again(run_get(pk), by=self.user)
        return Response(run_answer(run).to_json(), status=202)


class TrainingPreviewView(Endpoint):
    queries = {
        "GET": [
            OpenApiParameter("image_kind", str, description="field, cell or synthetic"),
            OpenApiParameter("network", str, description="A network that starts from nothing"),
            OpenApiParameter("snapshot", UUID, description="Learned from, in its kind of image"),
            OpenApiParameter("epochs", int, description=f"1 to {EPOCHS_MOST}"),
        ]
    }

    @extend_schema(operation_id="training_preview", responses=TrainingPreviewList)
    def get(self, request: Request) -> Response:
        """What a run would learn now, how long it should take, and why it may not begin.

        Of a snapshot, or of the confirmed labels: for one kind of image, or for all that a
        version serves or a data set is of.
        """
        require_installation(self.user)
        asked = PreviewQuery.read(request.query_params)
        kinds = _kinds(asked.pop("image_kind"), snapshot=asked.get("snapshot"))
        found = [preview_answer(run_preview(kind, **asked)) for kind in kinds]
        return Response(TrainingPreviewList(found).to_json())


def _kinds(asked: str, *, snapshot: UUID | None) -> list[str]:
    if asked:
        return [asked]
    return [snapshot_get(snapshot).kind] if snapshot else kinds_taught()


class ModelPromoteView(Endpoint):
    @extend_schema(
        operation_id="model_promote",
        request=PromoteBody,
        responses={200: ModelCardAnswer, 202: ModelCardAnswer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Let a version serve its kind of image; the former one retires.

        A candidate needs every gate, or `override`; where two people decide, it is proposed
        instead. One that served before is loaded and tried
        first (202), and serves as soon as that succeeded.
        """
        require_installation(self.user)
        version = model_get(pk)
        check = version_promoted(version, by=self.user, **PromoteBody.read(request.data))
        answer = model_card(model_get(pk)).to_json()
        return Response(answer, status=202 if check else 200)


class ModelRejectView(Endpoint):
    @extend_schema(operation_id="model_reject", request=ReasonBody, responses=ModelCardAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Decide that a version never serves."""
        require_installation(self.user)
        version = model_get(pk)
        version_rejected(version, by=self.user, **ReasonBody.read(request.data))
        return Response(model_card(model_get(pk)).to_json())
