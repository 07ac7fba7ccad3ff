"""Snapshots and the frozen test set, for who runs the installation."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.api.answers import (
    FrozenAnswer,
    SnapshotAnswer,
    SnapshotDiffAnswer,
    SnapshotPage,
)
from hemaqueue.api.answers.snapshots import (
    ContradictedAnswer,
    ContradictedPage,
    ExclusionAnswer,
    ExclusionPage,
    SnapshotImagePage,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.api.idempotency import once
from hemaqueue.api.pagination import (
    AFTER_PARAMETERS,
    PAGE_PARAMETERS,
    KeysetPagination,
    id_after,
    page_after,
)
from hemaqueue.api.shown.training import (
    diff_answer,
    frozen_answer,
    snapshot_answer,
    snapshot_image_answer,
)
from hemaqueue.api.training_bodies import FrozenBody, SnapshotBody, sources_of
from hemaqueue.pipeline.learning import frozen_wanted, snapshot_wanted
from hemaqueue.specimens.models import ImageKind
from hemaqueue.training.contradicted import snapshot_contradicted
from hemaqueue.training.snapshot_rows import snapshot_left_out, snapshot_pictures
from hemaqueue.training.snapshots import snapshot_diff, snapshot_get, snapshot_list


class SnapshotsView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="snapshot_list", responses=SnapshotPage)
    def get(self, request: Request) -> Response:
        """The snapshots, newest first."""
        require_installation(self.user)
        pages = KeysetPagination("made_at")
        shown = pages.paginate_queryset(snapshot_list(), request)
        return Response(SnapshotPage(pages.next, [snapshot_answer(one) for one in shown]).to_json())

    @extend_schema(
        operation_id="snapshot_freeze", request=SnapshotBody, responses={201: SnapshotAnswer}
    )
    def post(self, request: Request) -> Response:
        """Freeze labels as they stand now: confirmed ones, and those of data sets."""
        require_installation(self.user)
        asked = SnapshotBody.read(request.data)

        def do() -> Response:
            made = snapshot_wanted(asked["image_kind"], sources=sources_of(asked), by=self.user)
            answer = snapshot_answer(snapshot_get(made.pk))
            response = Response(answer.to_json(), status=201)
            response["Location"] = answer.url
            return response

        return once(request, by=self.user, do=do)


class SnapshotView(Endpoint):
    @extend_schema(operation_id="snapshot_read", responses=SnapshotAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One snapshot; an export of the kind `snapshot` takes its pictures away."""
        require_installation(self.user)
        return Response(snapshot_answer(snapshot_get(pk)).to_json())


class SnapshotImagesView(Endpoint):
    queries = {"GET": AFTER_PARAMETERS}

    @extend_schema(operation_id="snapshot_images", responses=SnapshotImagePage)
    def get(self, request: Request, pk: UUID) -> Response:
        """The pictures of a snapshot with their labels, groups and folds, by their ids."""
        require_installation(self.user)
        rows = snapshot_pictures(snapshot_get(pk), after=id_after(request))
        shown, more = page_after(request, rows, key="picture")
        found = [snapshot_image_answer(one) for one in shown]
        return Response(SnapshotImagePage(more, found).to_json())


class SnapshotExclusionsView(Endpoint):
    queries = {"GET": AFTER_PARAMETERS}

    @extend_schema(operation_id="snapshot_exclusions", responses=ExclusionPage)
    def get(self, request: Request, pk: UUID) -> Response:
        """The pictures that a snapshot left out, each with the reason, by their ids."""
        require_installation(self.user)
        rows = snapshot_left_out(snapshot_get(pk), after=id_after(request))
        shown, more = page_after(request, rows, key="image")
        return Response(ExclusionPage(more, [ExclusionAnswer(*one) for one in shown]).to_json())


class SnapshotContradictedView(Endpoint):
    queries = {"GET": AFTER_PARAMETERS}

    @extend_schema(operation_id="snapshot_contradicted", responses=ContradictedPage)
    def get(self, request: Request, pk: UUID) -> Response:
        """The pictures of a snapshot that have another class, too, by now: nothing learns from it.

        By their ids. Its own sources say so, or a data set that was imported since.
        """
        require_installation(self.user)
        rows = snapshot_contradicted(snapshot_get(pk), after=id_after(request))
        shown, more = page_after(request, rows, key="image")
        return Response(ContradictedPage(more, [ContradictedAnswer(*r) for r in shown]).to_json())


class SnapshotDiffView(Endpoint):
    @extend_schema(operation_id="snapshot_diff", responses=SnapshotDiffAnswer)
    def get(self, request: Request, pk: UUID, older: UUID) -> Response:
        """What a snapshot has that an older one has not, and what went."""
        require_installation(self.user)
        return Response(diff_answer(snapshot_diff(snapshot_get(older), snapshot_get(pk))).to_json())


class FrozenView(Endpoint):
    queries = {
        "GET": [
            OpenApiParameter(
                "image_kind", str, enum=ImageKind.values, default=ImageKind.FIELD.value
            )
        ]
    }

    @extend_schema(operation_id="test_set_read", responses=FrozenAnswer)
    def get(self, request: Request) -> Response:
        """The frozen test set of a kind of image, and how it grew."""
        require_installation(self.user)
        kind = request.query_params.get("image_kind", ImageKind.FIELD)
        if kind not in ImageKind.values:
            raise ValidationError({"image_kind": "field, cell or synthetic."})
        return Response(frozen_answer(kind).to_json())

    @extend_schema(
        operation_id="test_set_extend", request=FrozenBody, responses={201: FrozenAnswer}
    )
    def post(self, request: Request) -> Response:
        """Keep a share of the groups of each class for judging, for good. It takes a reason."""
        require_installation(self.user)
        asked = FrozenBody.read(request.data)

        def do() -> Response:
            frozen_wanted(
                asked["image_kind"],
                sources=sources_of(asked),
                percent=asked["percent"],
                reason=asked["reason"],
                by=self.user,
            )
            return Response(frozen_answer(asked["image_kind"]).to_json(), status=201)

        return once(request, by=self.user, do=do)
