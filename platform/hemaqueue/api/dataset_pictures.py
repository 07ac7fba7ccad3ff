"""The pictures of data sets, and taking one out of what models learn from or back in.

For who runs the installation.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.api.answers import (
    DatasetPicturePage,
    PictureUseAnswer,
    PictureWithdrawalAnswer,
    PictureWithdrawalList,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.api.pagination import AFTER_PARAMETERS, id_after, page_after
from hemaqueue.api.pictures import FILE, JPEG
from hemaqueue.api.shown.datasets import (
    picture_answer,
    picture_use_answer,
    picture_withdrawal_answer,
)
from hemaqueue.api.training_bodies import PictureWithdrawalBody
from hemaqueue.audit.services import audit_record
from hemaqueue.common.files import file_response
from hemaqueue.training.dataset_selectors import dataset_get
from hemaqueue.training.pictures import picture_get, picture_list
from hemaqueue.training.withdrawing import (
    picture_teach_again,
    picture_withdraw,
    picture_withdrawals,
)
from jobcontract.sealing import read_sealed

ACTS = {"image": picture_withdraw, "back": picture_teach_again}


class DatasetPicturesView(Endpoint):
    queries = {
        "GET": [
            OpenApiParameter("label", str, description='"" is without a class'),
            OpenApiParameter("withdrawn", bool),
            *AFTER_PARAMETERS,
        ]
    }

    @extend_schema(operation_id="dataset_pictures", responses=DatasetPicturePage)
    def get(self, request: Request, pk: UUID) -> Response:
        """The pictures of a data set, of one class, or those withdrawn from training."""
        require_installation(self.user)
        dataset, asked = dataset_get(pk), request.query_params
        rows = picture_list(
            dataset,
            label=asked.get("label"),
            withdrawn=_said(asked.get("withdrawn", "false")),
        ).order_by("pk")
        if after := id_after(request):
            rows = rows.filter(pk__gt=after)
        shown, more = page_after(request, rows)
        audit_record("dataset.view_pictures", by=self.user, about=dataset)
        return Response(DatasetPicturePage(more, [picture_answer(one) for one in shown]).to_json())


def _said(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValidationError({"withdrawn": ["true or false."]})
    return text == "true"


class DatasetPictureView(Endpoint):
    @extend_schema(operation_id="dataset_picture", responses=PictureUseAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One picture of a data set, and where it is used."""
        require_installation(self.user)
        return Response(picture_use_answer(picture_get(pk)).to_json())


class DatasetPictureFileView(Endpoint):
    @extend_schema(operation_id="dataset_picture_file", responses=FILE)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The preview: at most 1,280 pixels a side, upright, without metadata."""
        require_installation(self.user)
        picture = picture_get(pk)
        audit_record("picture.view", by=self.user, about=picture)
        return file_response(read_sealed(picture.preview_key), media_type=JPEG, name=f"{pk}.jpg")


class PictureWithdrawalsView(Endpoint):
    @extend_schema(operation_id="dataset_picture_withdrawals", responses=PictureWithdrawalList)
    def get(self, request: Request, pk: UUID) -> Response:
        """What was said of a picture's teaching, the newest first."""
        require_installation(self.user)
        rows = [picture_withdrawal_answer(one) for one in picture_withdrawals(picture_get(pk))]
        return Response(PictureWithdrawalList(rows).to_json())

    @extend_schema(
        operation_id="dataset_picture_withdraw",
        request=PictureWithdrawalBody,
        responses={201: PictureWithdrawalAnswer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Take a picture out of what models learn from, or put it back, with a reason."""
        require_installation(self.user)
        picture = picture_get(pk)
        asked = PictureWithdrawalBody.read(request.data)
        made = ACTS[asked["scope"]](picture, reason=asked["reason"], by=self.user)
        return Response(picture_withdrawal_answer(made).to_json(), status=201)
