"""The scale of an image: what it is, and correcting it."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import ImageScaleAnswer, ScaleChangeAnswer, ScaleChangeList
from hemaqueue.api.base import Endpoint
from hemaqueue.api.reading_bodies import ImageScaleBody
from hemaqueue.audit.services import audit_record
from hemaqueue.specimens.models import ScaleChange
from hemaqueue.specimens.scale import image_scale_set
from hemaqueue.specimens.selectors import image_get


class ImageScaleView(Endpoint):
    @extend_schema(operation_id="image_scale_read", responses=ImageScaleAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """How large a pixel of the image is, and what was corrected about that."""
        image = image_get(self.user, pk)
        audit_record("image.view", by=self.user, about=image)
        changes = [change_shown(one) for one in image.scale_changes.select_related("by")]
        return Response(ImageScaleAnswer(image.pk, image.microns_per_pixel, changes).to_json())

    @extend_schema(
        operation_id="image_scale_set", request=ImageScaleBody, responses=ScaleChangeList
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Correct it, for this image or for every image of its case.

        The scale bar and later reports follow; what is signed keeps the scale it was signed with.
        """
        image = image_get(self.user, pk)
        said = ImageScaleBody.read(request.data)
        changes = image_scale_set(
            image,
            microns_per_pixel=said["microns_per_pixel"],
            reason=said["reason"],
            by=self.user,
            whole_case=said["scope"] == "case",
        )
        return Response(ScaleChangeList([change_shown(one) for one in changes]).to_json())


def change_shown(one: ScaleChange) -> ScaleChangeAnswer:
    return ScaleChangeAnswer(
        image=one.image_id,
        before=one.before,
        after=one.after,
        by=one.by.printed_name,
        at=one.at,
        reason=one.reason,
    )
