"""What is decided about versions and AI as a whole, and what was decided."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import (
    require_installation,
    runs_installation,
    site_ids,
    sites_allowing,
)
from hemaqueue.api.answers import (
    ActivationPage,
    CardTextAnswer,
    GatesAnswer,
    PointAnswer,
    SuspensionList,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.registry_bodies import CardBody, GatesBody, PointBody, SwitchBody
from hemaqueue.api.shown.registry import (
    activation_answer,
    card_answer,
    gates_answer,
    point_answer,
    suspension_answer,
)
from hemaqueue.common.errors import Missing
from hemaqueue.evaluations.points import point_choose_on_sweep
from hemaqueue.evaluations.policy import gate_policy, gate_policy_change
from hemaqueue.pipeline.versions import ai_switched
from hemaqueue.registry.cards import card_write
from hemaqueue.registry.points import thresholds_of
from hemaqueue.registry.selectors import activation_list, model_get
from hemaqueue.registry.switching import suspensions_for


class ActivationsView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="activation_list", responses=ActivationPage)
    def get(self, request: Request) -> Response:
        """Which version began to serve when, by whom and why: the newest first."""
        pages = KeysetPagination("at")
        shown = pages.paginate_queryset(activation_list(), request)
        answer = ActivationPage(pages.next, [activation_answer(one) for one in shown])
        return Response(answer.to_json())


class GatesView(Endpoint):
    @extend_schema(operation_id="gates_read", responses=GatesAnswer)
    def get(self, request: Request) -> Response:
        """What a candidate has to reach."""
        require_installation(self.user)
        return Response(gates_answer(gate_policy()).to_json())

    @extend_schema(operation_id="gates_change", request=GatesBody, responses={201: GatesAnswer})
    def post(self, request: Request) -> Response:
        """Change it, with a reason. What is not named stays; former limits stay on record."""
        require_installation(self.user)
        asked = GatesBody.read(request.data)
        reason = asked.pop("reason")
        policy = gate_policy_change(asked, reason=reason, by=self.user)
        return Response(gates_answer(policy).to_json(), status=201)


class ModelPointView(Endpoint):
    @extend_schema(operation_id="operating_point_read", responses=PointAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The thresholds that hold for new results of a version."""
        version = model_get(pk)
        return Response(point_answer(version, thresholds_of(version)).to_json())

    @extend_schema(
        operation_id="operating_point_choose", request=PointBody, responses={201: PointAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Choose others, with a reason. Results that are there keep those under which they came."""
        require_installation(self.user)
        version = model_get(pk)
        point_choose_on_sweep(version, by=self.user, **PointBody.read(request.data))
        answer = point_answer(version, thresholds_of(version))
        return Response(answer.to_json(), status=201)


class AiView(Endpoint):
    @extend_schema(operation_id="ai_suspensions", responses=SuspensionList)
    def get(self, request: Request) -> Response:
        """Where AI is suspended, of what concerns you."""
        found = suspensions_for(site_ids(self.user))
        return Response(SuspensionList([suspension_answer(one) for one in found]).to_json())

    @extend_schema(operation_id="ai_switch", request=SwitchBody, responses=SuspensionList)
    def post(self, request: Request) -> Response:
        """Suspend AI, or let it work again: for a site of yours, or without `site` for all."""
        asked = SwitchBody.read(request.data)
        site = self._site(asked.pop("site"))
        ai_switched(site=site, by=self.user, **asked)
        return self.get(request)

    def _site(self, slug: str) -> Site | None:
        if not slug and runs_installation(self.user):
            return None
        mine = sites_allowing(self.user, act=Act.MANAGE)
        found = next((site for site in mine if site.slug == slug), None)
        if found is None:
            raise Missing
        return found


class ModelCardView(Endpoint):
    @extend_schema(operation_id="model_card_read", responses=CardTextAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """What a person said of a version."""
        return Response(card_answer(model_get(pk)).to_json())

    @extend_schema(
        operation_id="model_card_write", request=CardBody, responses={201: CardTextAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Say it, all four texts. What was said before stays on record."""
        require_installation(self.user)
        version = model_get(pk)
        card_write(version, texts=CardBody.read(request.data), by=self.user)
        return Response(card_answer(version).to_json(), status=201)
