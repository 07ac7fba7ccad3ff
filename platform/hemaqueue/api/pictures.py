"""The files of an image. The event is written before the bytes leave."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.base import Endpoint
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing
from hemaqueue.common.files import file_response
from hemaqueue.predictions.models import Heatmap
from hemaqueue.predictions.selectors import heatmap_grid, heatmap_of, prediction_of
from hemaqueue.reviews.first_reads import require_revealed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from jobcontract.imaging import canonical_picture, overlay_jpeg
from jobcontract.sealing import read_sealed

JPEG = "image/jpeg"
OVERLAYS_KEPT = 64
FILE = {(200, JPEG): OpenApiTypes.BINARY}


class PictureView(Endpoint):
    @extend_schema(operation_id="image_picture", responses=FILE)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The preview: at most 1,280 pixels a side, upright, without metadata."""
        image = image_get(self.user, pk)
        audit_record("image.view_picture", by=self.user, about=image)
        return file_response(read_sealed(image.preview_key), media_type=JPEG, name=f"{pk}.jpg")


class ThumbnailView(Endpoint):
    @extend_schema(operation_id="image_thumbnail", responses=FILE)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The square from the centre, at most 256 pixels a side."""
        image = image_get(self.user, pk)
        audit_record("image.view_thumbnail", by=self.user, about=image)
        data = read_sealed(image.thumbnail_key)
        return file_response(data, media_type=JPEG, name=f"{pk}-thumbnail.jpg")


class OriginalView(Endpoint):
    @extend_schema(
        operation_id="image_original",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The original, byte for byte, as a download that no browser interprets."""
        image = image_get(self.user, pk)
        require(self.user, act=Act.DOWNLOAD_ORIGINAL, site=image.site_id)
        audit_record("image.download_original", by=self.user, about=image)
        name = f"{pk}.{image.format.lower()}"
        data = read_sealed(image.key)
        return file_response(data, media_type="application/octet-stream", name=name, download=True)


class HeatmapView(Endpoint):
    queries = {"GET": [OpenApiParameter(name, str) for name in ("label", "method", "layer")]}

    @extend_schema(operation_id="image_heatmap", responses=FILE)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The picture, at most 640 pixels a side, with the evidence for one class laid over it."""
        image = image_get(self.user, pk)
        require_revealed(image, reader=self.user)
        heatmap = heatmap_found(image, **request.query_params.dict())
        if heatmap is None:
            raise Missing
        audit_record("image.view_heatmap", by=self.user, about=image, label=heatmap.label)
        data = overlay(image.preview_key, heatmap.pk)
        return file_response(data, media_type=JPEG, name=f"{pk}-heatmap.jpg")


def heatmap_found(image: SmearImage, **named: str) -> Heatmap | None:
    """Return the heatmap of the newest result for the class, method and layer that are named."""
    prediction = prediction_of(image)
    if prediction is None or "\0" in "".join(named.values()):
        return None
    return heatmap_of(prediction, **named)


@lru_cache(maxsize=OVERLAYS_KEPT)
def overlay(preview_key: str, heatmap: int) -> bytes:
    """Return the overlay as JPEG. Neither the picture nor a heatmap ever changes."""
    picture = canonical_picture(read_sealed(preview_key))
    return overlay_jpeg(picture, heatmap_grid(Heatmap.objects.get(pk=heatmap)))
