"""Filters that you keep under a name."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import SavedView
from hemaqueue.accounts.saved_views import (
    PAGES,
    view_delete,
    view_list,
    view_rename,
    view_save,
)
from hemaqueue.api.answers import SavedViewAnswer, SavedViewList
from hemaqueue.api.base import Endpoint
from hemaqueue.api.reading_bodies import SavedViewBody, SavedViewNameBody
from hemaqueue.api.shown.links import link


class SavedViewsView(Endpoint):
    queries = {"GET": [OpenApiParameter("page", str, enum=sorted(PAGES))]}

    @extend_schema(operation_id="saved_view_list", responses=SavedViewList)
    def get(self, request: Request) -> Response:
        """Your filters, those of one page or of all, by name."""
        page = request.query_params.get("page", "")
        if page and page not in PAGES:
            raise ValidationError({"page": f"One of: {', '.join(sorted(PAGES))}."})
        rows = [view_shown(one) for one in view_list(self.user, page=page)]
        return Response(SavedViewList(rows).to_json())

    @extend_schema(
        operation_id="saved_view_keep", request=SavedViewBody, responses={201: SavedViewAnswer}
    )
    def post(self, request: Request) -> Response:
        """Keep a filter; a name that you have gets the new one."""
        made = view_save(self.user, **SavedViewBody.read(request.data))
        return Response(view_shown(made).to_json(), status=201)


class SavedViewView(Endpoint):
    @extend_schema(
        operation_id="saved_view_rename", request=SavedViewNameBody, responses=SavedViewAnswer
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Give a filter another name."""
        name = SavedViewNameBody.read(request.data)["name"]
        return Response(view_shown(view_rename(self.user, pk=pk, name=name)).to_json())

    @extend_schema(operation_id="saved_view_delete", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Delete a filter."""
        view_delete(self.user, pk=pk)
        return Response(status=204)


def view_shown(one: SavedView) -> SavedViewAnswer:
    return SavedViewAnswer(
        id=one.pk,
        page=one.page,
        name=one.name,
        query=one.query,
        url=link("saved_view", one.pk),
    )
