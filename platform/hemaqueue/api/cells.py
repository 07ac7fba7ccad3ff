"""Located cells: boxes with a class on an image, and their labels for a detector (YOLO)."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import CellAnswer, CellsAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.idempotency import once
from hemaqueue.api.reading_bodies import CellBody, CellChangeBody, CellVersionBody
from hemaqueue.audit.services import audit_record
from hemaqueue.common.files import file_response
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.cells import (
    Box,
    cell_add,
    cell_change,
    cell_get,
    cell_remove,
    cells_of,
    cells_yolo,
)
from hemaqueue.reviews.models import LocatedCell
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_get, case_images, image_get

SIDES = ("left", "top", "width", "height")
TEXT = "text/plain; charset=utf-8"
ZIP = "application/zip"


class CellsView(Endpoint):
    @extend_schema(operation_id="cell_list", responses=CellsAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The cells of an image, in the order they came."""
        image = image_get(self.user, pk)
        audit_record("image.view_cells", by=self.user, about=image)
        return Response(cells_answer(image, reader=self.user).to_json())

    @extend_schema(operation_id="cell_add", request=CellBody, responses={201: CellAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Draw one."""
        image = image_get(self.user, pk)

        def add() -> Response:
            asked = CellBody.read(request.data)
            cell = cell_add(image, label=asked.pop("label"), box=Box(**asked), by=self.user)
            return Response(cell_answer(cell).to_json(), status=201)

        return once(request, by=self.user, do=add)


class CellView(Endpoint):
    @extend_schema(operation_id="cell_change", request=CellChangeBody, responses=CellAnswer)
    def patch(self, request: Request, pk: UUID, cell: int) -> Response:
        """Move it, or name its class. 409 when somebody changed it since."""
        found = self._found(pk, cell)
        asked = CellChangeBody.read(request.data)
        changed = cell_change(
            found,
            version=asked["version"],
            box=_box(found, asked),
            label=asked.get("label"),
            by=self.user,
        )
        return Response(cell_answer(changed).to_json())

    @extend_schema(operation_id="cell_remove", request=CellVersionBody, responses={204: None})
    def delete(self, request: Request, pk: UUID, cell: int) -> Response:
        """Take it away."""
        found = self._found(pk, cell)
        version = CellVersionBody.read(request.data)["version"]
        cell_remove(found, version=version, by=self.user)
        return Response(status=204)

    def _found(self, pk: UUID, cell: int) -> LocatedCell:
        return cell_get(image_get(self.user, pk), cell, reader=self.user)


class ImageLabelsView(Endpoint):
    @extend_schema(operation_id="cell_labels", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The cells of an image as YOLO labels: class index, centre, size; 0 to 1."""
        image = image_get(self.user, pk)
        audit_record("cell.export", by=self.user, about=image)
        data = cells_yolo(cells_of(image, reader=self.user)).encode()
        return file_response(data, media_type=TEXT, name=f"{pk}.txt", download=True)


class CaseLabelsView(Endpoint):
    @extend_schema(operation_id="case_cell_labels", responses={(200, ZIP): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """YOLO labels of a case: one text per image, and `classes.txt` with the classes' order."""
        case = case_get(self.user, pk)
        audit_record("cell.export", by=self.user, about=case)
        data = archive(case, reader=self.user)
        return file_response(data, media_type=ZIP, name=f"{pk}-cells.zip", download=True)


def archive(case: Case, *, reader: User) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("classes.txt", "".join(f"{code}\n" for code in CLASSES))
        for image in case_images(case):
            files.writestr(f"{image.pk}.txt", cells_yolo(cells_of(image, reader=reader)))
    return written.getvalue()


def cells_answer(image: SmearImage, *, reader: User) -> CellsAnswer:
    return CellsAnswer([cell_answer(one) for one in cells_of(image, reader=reader)])


def cell_answer(cell: LocatedCell) -> CellAnswer:
    return CellAnswer(
        id=cell.pk,
        label=cell.label,
        left=cell.left,
        top=cell.top,
        width=cell.width,
        height=cell.height,
        area=cell.area,
        nucleus_share=cell.nucleus_share,
        roundness=cell.roundness,
        origin=cell.origin,
        by=cell.by.printed_name if cell.by else None,
        version=cell.version,
        at=cell.at,
    )


def _box(cell: LocatedCell, asked: dict[str, Any]) -> Box:
    return Box(*(asked.get(side, getattr(cell, side)) for side in SIDES))
