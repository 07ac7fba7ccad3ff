"""Data sets: a ZIP is looked over, then imported; for who runs the installation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.api.answers import (
    DatasetAnswer,
    DatasetFaultAnswer,
    DatasetFaultList,
    DatasetPage,
)
from hemaqueue.api.archives import check_before_reading
from hemaqueue.api.base import Endpoint
from hemaqueue.api.idempotency import once
from hemaqueue.api.images import UPLOAD_HEADERS
from hemaqueue.api.jobs import AGAIN_AFTER
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.shown.datasets import dataset_answer
from hemaqueue.api.training_bodies import DatasetBody, ImportBody
from hemaqueue.api.uploads import FileMissing
from hemaqueue.pipeline import learning
from hemaqueue.specimens import zips
from hemaqueue.specimens.receiving import ArchiveHandler, SealedArchive
from hemaqueue.training.dataset_selectors import dataset_faults, dataset_get, dataset_list

MOST_FAULTS = 1000


class DatasetsView(Endpoint):
    """What arrives is sealed at once and looked over; it is imported when a person says so."""

    queries = {"GET": PAGE_PARAMETERS}
    parser_classes = [MultiPartParser]
    largest_body = zips.MOST_BYTES * 4  # said in the upload's own words

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        request.upload_handlers = [ArchiveHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(operation_id="dataset_list", responses=DatasetPage)
    def get(self, request: Request) -> Response:
        """The data sets, newest first."""
        require_installation(self.user)
        pages = KeysetPagination("made_at")
        shown = pages.paginate_queryset(dataset_list(), request)
        return Response(DatasetPage(pages.next, [dataset_answer(one) for one in shown]).to_json())

    @extend_schema(
        operation_id="dataset_upload",
        request={"multipart/form-data": DatasetBody},
        responses={201: DatasetAnswer},
        parameters=UPLOAD_HEADERS,
    )
    def post(self, request: Request) -> Response:
        """Send a ZIP of labelled pictures; the answer says what lies in it. Nothing is imported."""
        require_installation(self.user)
        check_before_reading(request)
        file = request.FILES.get("file")
        if not isinstance(file, SealedArchive):
            raise FileMissing
        try:
            return once(request, by=self.user, do=lambda: self._looked_over(request, file))
        finally:
            file.discard_unless_used()

    def _looked_over(self, request: Request, file: SealedArchive) -> Response:
        said = DatasetBody.read(request.data)
        found = learning.dataset_received(
            file,
            by=self.user,
            name=said["name"],
            kind=said["image_kind"],
            layout=said["layout"],
            source=said["source"],
        )
        answer = dataset_answer(dataset_get(found.pk))
        response = Response(answer.to_json(), status=201)
        response["Location"] = answer.url
        return response


class DatasetView(Endpoint):
    @extend_schema(operation_id="dataset_read", responses=DatasetAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """What lies in a data set, how far its import is, and what came of it."""
        require_installation(self.user)
        return Response(dataset_answer(dataset_get(pk)).to_json())

    @extend_schema(operation_id="dataset_discard", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Throw away a set that was only looked over."""
        require_installation(self.user)
        learning.dataset_thrown_away(dataset_get(pk), by=self.user)
        return Response(status=204)


class DatasetFaultsView(Endpoint):
    queries = {"GET": [OpenApiParameter("code", str)]}

    @extend_schema(operation_id="dataset_faults", responses=DatasetFaultList)
    def get(self, request: Request, pk: UUID) -> Response:
        """The files that were not imported, each with its code; `code` takes one kind of them."""
        require_installation(self.user)
        code = request.query_params.get("code", "")
        found = dataset_faults(dataset_get(pk), code=code)[:MOST_FAULTS]
        rows = [DatasetFaultAnswer(one.name, one.code, one.detail) for one in found]
        return Response(DatasetFaultList(rows).to_json())


class DatasetImportView(Endpoint):
    @extend_schema(
        operation_id="dataset_import", request=ImportBody, responses={202: DatasetAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Import a set that was looked over, in the background; go on with one that failed."""
        require_installation(self.user)
        asked = ImportBody.read(request.data)
        found = dataset_get(pk)
        learning.dataset_wanted(found, names=asked.get("classes"), by=self.user)
        response = Response(dataset_answer(dataset_get(pk)).to_json(), status=202)
        response["Retry-After"] = AGAIN_AFTER
        return response
