"""How a site reads: its review policy, by its administrator."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.api.answers import PolicyAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.reading_bodies import PolicyBody
from hemaqueue.api.sites import site_for
from hemaqueue.reviews.policy import PolicyValues, policy_change, policy_of, policy_values


class PolicyView(Endpoint):
    @extend_schema(operation_id="policy_read", responses=PolicyAnswer)
    def get(self, request: Request, site: str) -> Response:
        """The policy that holds at a site of yours."""
        return Response(policy_answer(site_for(self.user, site, act=Act.KNOW_RULES)).to_json())

    @extend_schema(operation_id="policy_change", request=PolicyBody, responses={201: PolicyAnswer})
    def post(self, request: Request, site: str) -> Response:
        """Change it, with a reason. What is not named stays; open cases are sorted anew."""
        found = site_for(self.user, site, act=Act.MANAGE)
        asked = PolicyBody.read(request.data)
        reason = asked.pop("reason")
        now = asdict(policy_values(policy_of(found.pk)))
        policy_change(found, values=PolicyValues(**(now | asked)), reason=reason, by=self.user)
        return Response(policy_answer(found).to_json(), status=201)


def policy_answer(site: Site) -> PolicyAnswer:
    policy = policy_of(site.pk)
    return PolicyAnswer(
        site=site.slug,
        **asdict(policy_values(policy)),
        since=policy.at if policy.pk else None,
        reason=policy.reason,
    )
