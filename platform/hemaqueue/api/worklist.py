"""The worklist: what to read next, in its lane, with the reasons for it."""

from __future__ import annotations

from typing import Any

from django.core import signing
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.api.answers import WorklistPage
from hemaqueue.api.base import Endpoint
from hemaqueue.api.pagination import PAGE_PARAMETERS, page_size
from hemaqueue.api.shown.worklist import worklist_rows
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import NotAllowed
from hemaqueue.common.keyset import beyond
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.queue import LANES, NAMES, ORDERS, Queue, queue_reviews

SALT = "hemaqueue.api.worklist"
CHOICES = {"lane": LANES, "order": [name for name in ORDERS if name]}


class WorklistView(Endpoint):
    queries = {
        "GET": [
            *(OpenApiParameter(name, str, enum=CHOICES.get(name)) for name in NAMES),
            *PAGE_PARAMETERS,
        ]
    }

    @extend_schema(operation_id="worklist", responses=WorklistPage)
    def get(self, request: Request) -> Response:
        """The cases of a lane that you may decide about, in the order of work."""
        if not sites_allowing(self.user, act=Act.DECIDE):
            raise NotAllowed
        queue, size = Queue.read(request.query_params), page_size(request)
        rows = queue_reviews(queue, user=self.user).select_related("case", "site", "claimed_by")
        if given := request.query_params.get("cursor"):
            rows = rows.filter(beyond(queue.fields, _key(given, queue)))
        shown = list(rows[: size + 1])
        more, shown = len(shown) > size, shown[:size]
        audit_record("worklist.view", by=self.user, cases=[str(one.case_id) for one in shown])
        here = request.get_full_path()
        after = replace_query_param(here, "cursor", _cursor(shown[-1], queue)) if more else None
        return Response(WorklistPage(after, worklist_rows(shown, user=self.user)).to_json())


def _cursor(row: Review, queue: Queue) -> str:
    values = [getattr(row, name.lstrip("-")) for name in queue.fields]
    key = [one.isoformat() if hasattr(one, "isoformat") else one for one in values]
    return signing.dumps({"order": queue.fields, "key": key}, salt=SALT)


def _key(cursor: str, queue: Queue) -> list[Any]:
    """Return the key of the last row of the page before.

    Raises:
        ValidationError: the cursor is none of ours, or belongs to another order.
    """
    try:
        given = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        given = {}
    if given.get("order") != list(queue.fields):
        problem = {"cursor": ["This is no page of this list. Begin at the first."]}
        raise ValidationError(problem, code="bad_cursor")
    return list(given["key"])
