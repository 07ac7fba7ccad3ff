"""Trying a version on what comes in: ordered with a reason, followed, stopped."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import require_installation, site_named
from hemaqueue.api.answers import ShadowAnswer, ShadowPage
from hemaqueue.api.answers.shadowing import ShadowFlipPage
from hemaqueue.api.base import Endpoint
from hemaqueue.api.pagination import AFTER, PAGE_PARAMETERS, KeysetPagination, page_beyond
from hemaqueue.api.registry_bodies import ShadowBody
from hemaqueue.api.shown.shadowing import shadow_answer, shadow_flip_answers
from hemaqueue.audit.services import audit_record
from hemaqueue.evaluations.shadowed import FLIPS_ORDER, shadow_flips, shadow_get, shadow_list
from hemaqueue.pipeline.shadowing import shadow_requested, shadow_stopped
from hemaqueue.registry.selectors import model_get


class ShadowsView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="shadow_list", responses=ShadowPage)
    def get(self, request: Request) -> Response:
        """The versions that were tried, newest first."""
        require_installation(self.user)
        pages = KeysetPagination("at")
        shown = pages.paginate_queryset(shadow_list(), request)
        return Response(ShadowPage(pages.next, [shadow_answer(one) for one in shown]).to_json())

    @extend_schema(operation_id="shadow_start", request=ShadowBody, responses={201: ShadowAnswer})
    def post(self, request: Request) -> Response:
        """Let a version score a share of what comes in, with a reason. No reader ever sees it."""
        require_installation(self.user)
        asked = ShadowBody.read(request.data)
        made = shadow_requested(
            model_get(asked["model"]),
            site=site_named(asked["site"]) if asked["site"] else None,
            percent=asked["percent"],
            reason=asked["reason"],
            by=self.user,
        )
        answer = shadow_answer(shadow_get(made.pk))
        response = Response(answer.to_json(), status=201)
        response["Location"] = answer.url
        return response


class ShadowView(Endpoint):
    @extend_schema(operation_id="shadow_read", responses=ShadowAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """How often a version agrees with what serves, and with what was signed."""
        require_installation(self.user)
        return Response(shadow_answer(shadow_get(pk)).to_json())


class ShadowFlipsView(Endpoint):
    queries = {"GET": AFTER}

    @extend_schema(operation_id="shadow_flips", responses=ShadowFlipPage)
    def get(self, request: Request, pk: UUID) -> Response:
        """What a version tried names otherwise: what is signed first, then the surest."""
        require_installation(self.user)
        found = shadow_get(pk)
        audit_record("shadow.view", by=self.user, about=found)
        shown, more = page_beyond(shadow_flips(found), order=FLIPS_ORDER, request=request)
        return Response(ShadowFlipPage(more, shadow_flip_answers(shown, user=self.user)).to_json())


class ShadowStopView(Endpoint):
    @extend_schema(operation_id="shadow_stop", request=None, responses=ShadowAnswer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Try it no more. What it said stays to be read."""
        require_installation(self.user)
        shadow_stopped(shadow_get(pk), by=self.user)
        return Response(shadow_answer(shadow_get(pk)).to_json())
