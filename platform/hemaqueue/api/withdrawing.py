"""Taking a label or an image out of what models learn from, and what a version saw of it."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import (
    WithdrawalAnswer,
    WithdrawalList,
    WithdrawnLabelAnswer,
    WithdrawnLabelList,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.api.reading_bodies import WithdrawalBody
from hemaqueue.api.shown.links import link
from hemaqueue.audit.services import audit_record
from hemaqueue.registry.selectors import model_get
from hemaqueue.reviews.models import ConfirmedLabel, LabelWithdrawal
from hemaqueue.reviews.withdrawing import (
    image_teach_again,
    image_withdraw_from_training,
    label_withdraw,
    withdrawals_of,
)
from hemaqueue.specimens.selectors import image_get
from hemaqueue.training.models import DatasetImage
from hemaqueue.training.withdrawn import labels_shown, pictures_shown, withdrawn_count

MOST_SHOWN = 500
ACTS = {
    "label": label_withdraw, "image": image_withdraw_from_training, "back": image_teach_again,
}  # fmt: skip


class WithdrawalsView(Endpoint):
    @extend_schema(operation_id="label_withdrawal_list", responses=WithdrawalList)
    def get(self, request: Request, pk: UUID) -> Response:
        """What was withdrawn from training of an image, the newest first."""
        image = image_get(self.user, pk)
        require(self.user, act=Act.WITHDRAW_LABEL, site=image.site_id)
        audit_record("image.view", by=self.user, about=image)
        rows = [withdrawal_shown(one) for one in withdrawals_of(image)]
        return Response(WithdrawalList(rows).to_json())

    @extend_schema(
        operation_id="label_withdraw", request=WithdrawalBody, responses={201: WithdrawalAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Withdraw the label that counts, or the image, or put an image back.

        What was decided stays.
        """
        image = image_get(self.user, pk)
        require(self.user, act=Act.WITHDRAW_LABEL, site=image.site_id)
        asked = WithdrawalBody.read(request.data)
        made = ACTS[asked["scope"]](image, reason=asked["reason"], by=self.user)
        return Response(withdrawal_shown(made).to_json(), status=201)


class ModelWithdrawnView(Endpoint):
    @extend_schema(operation_id="model_withdrawn", responses=WithdrawnLabelList)
    def get(self, request: Request, pk: UUID) -> Response:
        """The labels that a version learned from and that were withdrawn since.

        `count` is over all sites and data sets; the results are those that you may see.
        """
        version = model_get(pk)
        labels = labels_shown(version, user=self.user)[:MOST_SHOWN]
        pictures = pictures_shown(version, user=self.user)[:MOST_SHOWN]
        rows = [label_shown(one) for one in labels] + [picture_shown(one) for one in pictures]
        return Response(WithdrawnLabelList(withdrawn_count(version), rows).to_json())


def label_shown(one: ConfirmedLabel) -> WithdrawnLabelAnswer:
    return WithdrawnLabelAnswer(
        image=one.image_id,
        image_url=link("image", one.image_id),
        dataset=None,
        label=one.label,
        confirmed_at=one.at,
        withdrawn_at=cast("datetime", one.withdrawn_at),
    )


def picture_shown(one: DatasetImage) -> WithdrawnLabelAnswer:
    return WithdrawnLabelAnswer(
        image=one.pk,
        image_url=link("dataset_picture", one.pk),
        dataset=one.dataset_id,
        label=one.label,
        confirmed_at=None,
        withdrawn_at=cast("datetime", one.withdrawn_at),
    )


def withdrawal_shown(one: LabelWithdrawal) -> WithdrawalAnswer:
    return WithdrawalAnswer(
        image=one.image_id,
        scope="label" if one.label else "back" if one.back else "image",
        label=one.label.label if one.label else None,
        by=one.by.printed_name,
        at=one.at,
        reason=one.reason,
    )
