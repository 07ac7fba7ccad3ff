"""What who sent images may still do: choose about held ones, resume a batch, attach a picture."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import (
    AttachmentAnswer,
    ChosenAnswer,
    FileHereAnswer,
    FilesHereAnswer,
    ImageAnswer,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import AttachBody, ChoiceBody
from hemaqueue.api.shown.images import image_answer
from hemaqueue.api.shown.links import link
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing
from hemaqueue.pipeline.bench import (
    smear_released,
    smears_held,
    smears_released,
    smears_withdrawn,
)
from hemaqueue.specimens.choosing import image_attach
from hemaqueue.specimens.selectors import batch_files, batch_get, case_get, image_get


class ReleaseView(Endpoint):
    @extend_schema(operation_id="image_release", request=None, responses=ImageAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Have a held image of your own worked on as it is."""
        smear_released(image_get(self.user, pk), by=self.user)
        return Response(image_answer(image_get(self.user, pk), reader=self.user).to_json())


class BatchHeldView(Endpoint):
    @extend_schema(operation_id="batch_choose", request=ChoiceBody, responses={200: ChosenAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Choose about every held image of a batch: send it anyway, or take it back."""
        batch = batch_get(self.user, pk)
        require(self.user, act=Act.UPLOAD, site=batch.site_id)
        choice = ChoiceBody.read(request.data)["choice"]
        held = list(smears_held(batch, by=self.user))
        choose = smears_released if choice == "send" else smears_withdrawn
        return Response(ChosenAnswer(choose(held, by=self.user)).to_json())


class BatchFilesView(Endpoint):
    @extend_schema(operation_id="batch_files", responses=FilesHereAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The files that a batch has already, so that only what is missing need be sent."""
        batch = batch_get(self.user, pk)
        audit_record("batch.view", by=self.user, about=batch)
        files = [FileHereAnswer(one.name, one.size, one.sha256) for one in batch_files(batch)]
        return Response(FilesHereAnswer(batch.expected, files).to_json())


class AttachmentsView(Endpoint):
    @extend_schema(
        operation_id="case_attach", request=AttachBody, responses={200: AttachmentAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Put a picture of another case of the same site beside this one."""
        case = case_get(self.user, pk)
        require(self.user, act=Act.UPLOAD, site=case.site_id)
        try:
            image = image_get(self.user, AttachBody.read(request.data)["image"])
        except Missing as error:
            raise ValidationError({"image": "There is no such image for you."}) from error
        made = image_attach(image, case=case, by=self.user)
        answer = AttachmentAnswer(
            case_id=case.pk,
            image_id=image.pk,
            image_url=link("image", image.pk),
            by=made.by.printed_name,
            at=made.at,
        )
        return Response(answer.to_json())
