"""Images: send one, list them, read one, withdraw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import ImageAnswer, ImagePage, UploadAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import UploadBody
from hemaqueue.api.filters import ImageFilter
from hemaqueue.api.idempotency import PARAMETER, once
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.shown.images import image_answer, image_rows
from hemaqueue.api.uploads import accept, check_before_reading, upload_response
from hemaqueue.audit.services import audit_record
from hemaqueue.pipeline.bench import smear_withdrawn
from hemaqueue.specimens.selectors import image_get, image_list

UPLOAD_HEADERS = [
    PARAMETER,
    OpenApiParameter("Content-SHA256", str, OpenApiParameter.HEADER),
]


FILTERS = [
    OpenApiParameter(name, str, description=one.label or "")
    for name, one in ImageFilter.base_filters.items()
]


class ImagesView(Endpoint):
    """The images you may see, and the door for new ones."""

    queries = {"GET": [*FILTERS, *PAGE_PARAMETERS]}
    parser_classes = [MultiPartParser]
    largest_body = settings.FILE_UPLOAD_MAX_MEMORY_SIZE * 4  # the upload says it in its own words

    @extend_schema(operation_id="image_list", responses=ImagePage)
    def get(self, request: Request) -> Response:
        """The history, newest first."""
        pages = KeysetPagination()
        shown = pages.paginate_queryset(self._found(request), request)
        audit_record("image.list", by=self.user, images=[str(image.pk) for image in shown])
        return Response(ImagePage(pages.next, image_rows(shown, reader=self.user)).to_json())

    def _found(self, request: Request) -> Any:
        asked = ImageFilter(request.query_params, queryset=image_list(self.user), request=request)
        if not asked.is_valid():
            raise ValidationError(asked.errors)
        return asked.qs

    @extend_schema(
        operation_id="image_upload",
        request={"multipart/form-data": UploadBody},
        responses={202: UploadAnswer, 200: UploadAnswer},
        parameters=UPLOAD_HEADERS,
    )
    def post(self, request: Request) -> Response:
        """Send one image. 202: it is stored and waits; 200: it is here already."""
        check_before_reading(request)
        return once(
            request, by=self.user, do=lambda: upload_response(accept(request, by=self.user))
        )


@extend_schema_view(
    get=extend_schema(operation_id="smear_list"), post=extend_schema(operation_id="smear_upload")
)
class SmearsView(ImagesView):
    """The same door, under the name of what goes through it."""


class ImageView(Endpoint):
    @extend_schema(operation_id="image_read", responses=ImageAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One image: its facts, its state, its result and what readers said."""
        image = image_get(self.user, pk)
        audit_record("image.view", by=self.user, about=image)
        return Response(image_answer(image, reader=self.user).to_json())


class WithdrawView(Endpoint):
    @extend_schema(operation_id="image_withdraw", request=None, responses=ImageAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take an image out of work and out of lists. Its records stay."""
        smear_withdrawn(image_get(self.user, pk), by=self.user)
        return Response(image_answer(image_get(self.user, pk), reader=self.user).to_json())
