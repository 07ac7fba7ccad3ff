"""Keyset pages: the hundred-thousandth row is as quick as the first, and nothing is counted."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as FieldProblem
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from hemaqueue.common.keyset import beyond

LARGEST = 200
AFTER = [
    OpenApiParameter("after", str, description="the last row of the page before"),
    OpenApiParameter("page_size", int),
]
PAGE_PARAMETERS = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]
AFTER_PARAMETERS = [
    OpenApiParameter("after", UUID, description="the last picture of the page before"),
    OpenApiParameter("page_size", int),
]


class KeysetPagination(BasePagination):
    """Newest first, by (`moment`, id). `next` is the address of the page after this one."""

    moment = "uploaded_at"
    next: str | None = None

    def __init__(self, moment: str = "uploaded_at") -> None:
        self.moment = moment

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that `request` asks for.

        Raises:
            ValidationError: the cursor is none of ours, or the size is no number.
        """
        size = page_size(request)
        rows = queryset.order_by(f"-{self.moment}", "-pk")
        if given := request.query_params.get("cursor"):
            at, pk = _decoded(given)
            same = Q(**{self.moment: at, "pk__lt": pk})
            rows = rows.filter(Q(**{f"{self.moment}__lt": at}) | same)
        page = list(rows[: size + 1])
        if len(page) > size:
            page = page[:size]
            here = request.get_full_path()
            self.next = replace_query_param(here, "cursor", self._encoded(page[-1]))
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def _encoded(self, row: Model) -> str:
        key = [getattr(row, self.moment).isoformat(), str(row.pk)]
        return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def page_beyond(
    rows: QuerySet[Any], *, order: Sequence[str], request: Request
) -> tuple[list[Any], str | None]:
    """Return the page that follows the row `after`, and the address of the one after it.

    For lists that are not ordered by a moment; `order` ascends or descends throughout, to the id.

    Raises:
        ValidationError: `after` is no row of this list, or the size is no number.
    """
    size, found = page_size(request), rows.order_by(*order)
    if given := request.query_params.get("after"):
        last = _row(rows, given)
        found = found.filter(beyond(order, [getattr(last, name.lstrip("-")) for name in order]))
    page = list(found[: size + 1])
    if len(page) <= size:
        return page, None
    here = request.get_full_path()
    return page[:size], replace_query_param(here, "after", str(page[size - 1].pk))


def _row(rows: QuerySet[Any], given: str) -> Model:
    try:
        return cast("Model", rows.get(pk=given))
    except (ObjectDoesNotExist, FieldProblem, ValueError) as error:
        problem = {"after": ["This is no row of this list. Begin at the first."]}
        raise ValidationError(problem, code="bad_cursor") from error


def page_size(request: Request) -> int:
    """Return the page size asked for, at most 200; 50 where none is asked for."""
    given = request.query_params.get("page_size", "")
    if not given:
        return int(settings.REST_FRAMEWORK["PAGE_SIZE"])
    if not given.isascii() or not given.isdigit():
        raise ValidationError({"page_size": "A whole number, at least 1."})
    return max(1, min(int(given[:9]), LARGEST))


def page_after(request: Request, rows: Any, *, key: str = "pk") -> tuple[list[Any], str | None]:
    """Return one page of rows in the order of `key`, and the address of the page after it."""
    size = page_size(request)
    shown = list(rows[: size + 1])
    if len(shown) <= size:
        return shown, None
    last = str(getattr(shown[size - 1], key))
    return shown[:size], replace_query_param(request.get_full_path(), "after", last)


def id_after(request: Request) -> UUID | None:
    """Return the id after which a page begins, None for the first page.

    Raises:
        ValidationError: `after` is no id.
    """
    if not (given := request.query_params.get("after")):
        return None
    try:
        return UUID(given)
    except ValueError as error:
        problem = {"after": ["This is no picture of this list. Begin at the first."]}
        raise ValidationError(problem, code="bad_cursor") from error


def _decoded(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        at, pk = json.loads(base64.urlsafe_b64decode(padded))
        moment = parse_datetime(at)
        if moment is None or moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(pk)
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        problem = {"cursor": ["This is no page of this list. Begin at the first."]}
        raise ValidationError(problem, code="bad_cursor") from error
