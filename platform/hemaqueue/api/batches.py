"""Batches: images that are sent together."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import BatchAnswer, BatchPage, RetriedAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import BatchBody, RetryBody, site_named
from hemaqueue.api.idempotency import PARAMETER, once
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.shown.batches import batch_answer, batch_row
from hemaqueue.audit.services import audit_record
from hemaqueue.pipeline.bench import batch_tried_again
from hemaqueue.specimens.batches import batch_open
from hemaqueue.specimens.selectors import batch_get, batch_list


class BatchesView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="batch_list", responses=BatchPage)
    def get(self, request: Request) -> Response:
        """The batches of your sites, newest first."""
        pages = KeysetPagination("created_at")
        shown = pages.paginate_queryset(batch_list(self.user), request)
        audit_record("batch.list", by=self.user, batches=[str(one.pk) for one in shown])
        return Response(BatchPage(pages.next, [batch_row(one) for one in shown]).to_json())

    @extend_schema(
        operation_id="batch_open",
        request=BatchBody,
        responses={201: BatchAnswer},
        parameters=[PARAMETER],
    )
    def post(self, request: Request) -> Response:
        """Open a batch. Its images are then sent one by one, each naming the batch."""
        return once(request, by=self.user, do=lambda: self._opened(request))

    def _opened(self, request: Request) -> Response:
        asked = BatchBody.read(request.data)
        site = site_named(self.user, name=asked.get("site", ""))
        batch = batch_open(
            site=site, name=asked.get("name", ""), by=self.user, expected=asked["expected"]
        )
        response = Response(batch_answer(batch).to_json(), status=201)
        response["Location"] = str(response.data["url"])
        return response


class BatchView(Endpoint):
    @extend_schema(operation_id="batch_read", responses=BatchAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """What became of the files of a batch, counted now."""
        batch = batch_get(self.user, pk)
        audit_record("batch.view", by=self.user, about=batch)
        return Response(batch_answer(batch).to_json())


class BatchRetryView(Endpoint):
    @extend_schema(operation_id="batch_retry", request=RetryBody, responses={202: RetriedAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Try everything of a batch that failed again; each keeps its record."""
        batch = batch_get(self.user, pk)
        require(self.user, act=Act.RETRY, site=batch.site_id)
        again = batch_tried_again(batch, by=self.user, serving=RetryBody.serving(request.data))
        return Response(RetriedAnswer(again).to_json(), status=202)
