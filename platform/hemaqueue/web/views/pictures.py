"""The files of an image: permission first, then the bytes, and an event before they leave."""

from __future__ import annotations

from uuid import UUID

import cv2
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing, PlatformError
from hemaqueue.common.files import file_response
from hemaqueue.predictions.models import Heatmap
from hemaqueue.predictions.selectors import heatmap_grid, heatmap_of, prediction_of
from hemaqueue.reviews.first_reads import require_revealed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.heat import heat_png
from hemaqueue.web.people import person
from jobcontract.image_views import smaller_jpeg
from jobcontract.imaging import canonical_picture
from jobcontract.sealing import FileDamaged, read_sealed
from jobcontract.storage import FileMissing

JPEG = "image/jpeg"
HEAT_SECONDS = 600


class PictureLost(PlatformError):
    """The stored file is damaged or gone. Nothing of it is shown; tell an administrator."""

    code = "blob_corrupt"
    status = 500


def stored(key: str) -> bytes:
    try:
        return read_sealed(key)
    except (FileDamaged, FileMissing) as error:
        raise PictureLost from error


@require_GET
@page
def image_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The square of a list, small for a line of one. The list left the event that names them."""
    image = image_get(person(request), pk)
    name, data = f"{image.pk}-thumbnail.jpg", stored(image.thumbnail_key)
    if "small" in request.GET:
        data = smaller_jpeg(data)
    return file_response(data, media_type=JPEG, name=name)


@require_GET
@page
def image_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview, at most 1,280 pixels, upright, without metadata."""
    image = image_get(person(request), pk)
    audit_record("image.view_picture", by=person(request), about=image)
    name = f"{image.pk}.jpg"
    return file_response(stored(image.preview_key), media_type=JPEG, name=name)


@require_GET
@page
def image_full(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The canonical picture at its full size, for one-to-one viewing."""
    image = image_get(person(request), pk)
    audit_record("image.view_picture", by=person(request), about=image, size="full")
    picture = canonical_picture(stored(image.key))
    done, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_JPEG_QUALITY, 92)
    )
    if not done:
        raise PictureLost
    return file_response(bytes(encoded), media_type=JPEG, name=f"{image.pk}-full.jpg")


@require_GET
@page
def image_original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The original, byte for byte, as a download that no browser interprets."""
    user = person(request)
    image = image_get(user, pk)
    require(user, act=Act.DOWNLOAD_ORIGINAL, site=image.site_id)
    audit_record("image.download_original", by=user, about=image)
    name = f"{image.pk}.{image.format.lower()}"
    return file_response(
        stored(image.key), media_type="application/octet-stream", name=name, download=True
    )


@require_GET
@page
def image_heatmap(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A transparent PNG to lay over the picture, for the predicted class or `?label=&method=`."""
    user = person(request)
    image = image_get(user, pk)
    require_revealed(image, reader=user)
    prediction = prediction_of(image)
    named = {name: request.GET.get(name, "") for name in ("label", "method")}
    heatmap = heatmap_of(prediction, **named) if prediction else None
    if heatmap is None:
        raise Missing
    audit_record("image.view_heatmap", by=user, about=image, label=heatmap.label)
    name = f"{image.pk}-heatmap.png"
    return file_response(_drawn(heatmap, image=image), media_type="image/png", name=name)


def _drawn(heatmap: Heatmap, *, image: SmearImage) -> bytes:
    """Return the drawn heatmap, from the cache of this process where it is there."""

    def draw() -> bytes:
        return heat_png(heatmap_grid(heatmap), width=image.width, height=image.height)

    return bytes(cache.get_or_set(f"heatmap:{heatmap.pk}", draw, HEAT_SECONDS) or b"")
