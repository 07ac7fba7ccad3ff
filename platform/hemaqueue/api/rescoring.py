"""Scoring old images again: ordered with a reason, followed, called off; and all that was said."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation, site_named
from hemaqueue.api.answers import PredictionList, RescoreAnswer, RescorePage
from hemaqueue.api.answers.rescoring import RescoreFlipPage
from hemaqueue.api.base import Endpoint
from hemaqueue.api.pagination import AFTER, PAGE_PARAMETERS, KeysetPagination, page_beyond
from hemaqueue.api.registry_bodies import RescoreBody
from hemaqueue.api.shown.images import predictions_answer
from hemaqueue.api.shown.rescoring import rescore_answer, rescore_flip_answers
from hemaqueue.audit.services import audit_record
from hemaqueue.evaluations.rescored import (
    FLIPS_ORDER,
    rescore_flips,
    rescore_get,
    rescore_list,
)
from hemaqueue.evaluations.rescoring import Chosen
from hemaqueue.pipeline.rescoring import rescore_ended, rescore_requested
from hemaqueue.registry.selectors import model_get
from hemaqueue.reviews.first_reads import require_revealed
from hemaqueue.specimens.selectors import image_get


class RescoresView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="rescore_list", responses=RescorePage)
    def get(self, request: Request) -> Response:
        """The orders, newest first."""
        require_installation(self.user)
        pages = KeysetPagination("at")
        shown = pages.paginate_queryset(rescore_list(), request)
        return Response(RescorePage(pages.next, [rescore_answer(one) for one in shown]).to_json())

    @extend_schema(
        operation_id="rescore_start", request=RescoreBody, responses={202: RescoreAnswer}
    )
    def post(self, request: Request) -> Response:
        """Have old images scored by the version that serves, with a reason; see `images` first.

        Former results stay, and nothing that was signed changes.
        """
        require_installation(self.user)
        asked = RescoreBody.read(request.data)
        former = asked.get("former")
        chosen = Chosen(
            site=site_named(asked["site"]) if asked["site"] else None,
            former=model_get(former) if former else None,
            since=asked.get("since"),
            until=asked.get("until"),
        )
        model = model_get(asked["model"])
        made = rescore_requested(model, chosen=chosen, reason=asked["reason"], by=self.user)
        answer = rescore_answer(rescore_get(made.pk))
        response = Response(answer.to_json(), status=202)
        response["Location"] = answer.url
        return response


class RescoreView(Endpoint):
    @extend_schema(operation_id="rescore_read", responses=RescoreAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One order: how far it is, and how many images are named otherwise now."""
        require_installation(self.user)
        return Response(rescore_answer(rescore_get(pk)).to_json())


class RescoreFlipsView(Endpoint):
    queries = {"GET": AFTER}

    @extend_schema(operation_id="rescore_flips", responses=RescoreFlipPage)
    def get(self, request: Request, pk: UUID) -> Response:
        """The images that an order named otherwise: what is signed first, then the surest."""
        require_installation(self.user)
        found = rescore_get(pk)
        audit_record("rescore.view", by=self.user, about=found)
        shown, more = page_beyond(rescore_flips(found), order=FLIPS_ORDER, request=request)
        return Response(
            RescoreFlipPage(more, rescore_flip_answers(shown, user=self.user)).to_json()
        )


class RescoreCancelView(Endpoint):
    @extend_schema(operation_id="rescore_cancel", request=None, responses=RescoreAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Call an order off. What was scored by then stays."""
        require_installation(self.user)
        rescore_ended(rescore_get(pk), by=self.user)
        return Response(rescore_answer(rescore_get(pk)).to_json())


class PredictionsView(Endpoint):
    @extend_schema(operation_id="prediction_list", responses=PredictionList)
    def get(self, request: Request, pk: UUID) -> Response:
        """Everything that versions said of an image, the newest first: that one counts."""
        image = image_get(self.user, pk)
        require_revealed(image, reader=self.user)
        audit_record("image.view", by=self.user, about=image)
        return Response(PredictionList(predictions_answer(image)).to_json())
