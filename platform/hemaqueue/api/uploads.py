"""Taking a file: what is checked before the body is read, and what is made of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import UploadAnswer
from hemaqueue.api.base import content_length
from hemaqueue.api.bodies import ContextBody, site_named
from hemaqueue.api.rates import count_single
from hemaqueue.api.shown.links import link
from hemaqueue.common.errors import Missing, PlatformError
from hemaqueue.pipeline.intake import Accepted, smear_accept
from hemaqueue.specimens.models import Batch, ImageKind
from hemaqueue.specimens.selectors import batch_get
from hemaqueue.specimens.services import CaseContext, FileTooLarge, require_room

FIELD = "file"


class LengthRequired(PlatformError):
    """Say how long the body is: send a Content-Length."""

    code = "length_required"
    status = 411


class FileMissing(PlatformError):
    """There is no file in the field named file."""

    code = "file_missing"
    status = 400


class OneFileExpected(PlatformError):
    """Send one file in each request."""

    code = "one_file_expected"
    status = 400


def check_before_reading(request: Request) -> None:
    """Refuse by the headers alone what must not be read.

    Raises:
        LengthRequired, FileTooLarge, StorageFull
    """
    if not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired
    if content_length(request) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise FileTooLarge
    require_room()


def one_file(request: Request) -> UploadedFile[bytes]:
    """Return the request's only file, which is in the field `file`."""
    files = [file for _, several in request.FILES.lists() for file in several]
    if len(files) > 1:
        raise OneFileExpected
    if not files or FIELD not in request.FILES:
        raise FileMissing
    return files[0]


def accept(request: Request, *, by: User) -> Accepted:
    """Take the request's file with its context, through the door that all doors share."""
    file = one_file(request)
    values = ContextBody.read(request.data)
    batch = _batch(by, values)
    if batch is None:
        count_single(by)
    context = context_of(by, values, batch=batch)
    return smear_accept(
        file.read(),
        name=file.name or "",
        context=context,
        by=by,
        batch=batch,
        checksum=request.headers.get("Content-SHA256", ""),
        hold=values["quality"] == "ask",
    )


def _batch(user: User, values: dict[str, Any]) -> Batch | None:
    if "batch" not in values:
        return None
    try:
        return batch_get(user, values["batch"])
    except Missing as error:
        raise ValidationError({"batch": "There is no such batch for you."}) from error


def context_of(user: User, values: dict[str, Any], *, batch: Batch | None) -> CaseContext:
    name = values.get("site", "")
    site = site_named(user, name=name) if name or batch is None else batch.site
    if batch and batch.site_id != site.pk:
        raise ValidationError({"batch": "The batch belongs to another site."})
    return CaseContext(
        site=site,
        accession=values.get("accession", ""),
        patient=values.get("patient", ""),
        specimen=values.get("specimen_type", ""),
        stain=values.get("stain", ""),
        kind=values.get("image_kind", ImageKind.FIELD),
        urgent=values["urgent"],
        microns_per_pixel=values.get("microns_per_pixel"),
    )


def upload_response(taken: Accepted) -> Response:
    """Return 202 with the job; 200 where the picture is here already and nothing is begun."""
    image, job = taken.image, taken.job
    answer = UploadAnswer(
        image_id=image.pk,
        case_id=image.case_id,
        job_id=job.pk if job else None,
        status_url=link("job", job.pk) if job else link("image", image.pk),
        image_url=link("image", image.pk),
        duplicate_of=image.pk if taken.is_duplicate else None,
        held=image.held_at is not None,
    )
    response = Response(answer.to_json(), status=200 if taken.is_duplicate else 202)
    response["Location"] = answer.image_url
    return response
