"""A site: how its readers agree, and what its microscope gives."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.api.answers import PairAnswer, PairList, ScaleAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.reading_bodies import ScaleBody
from hemaqueue.common.errors import Missing
from hemaqueue.reviews.agreement import agreement_of_pairs
from hemaqueue.specimens.scale import site_scale_set


class AgreementView(Endpoint):
    @extend_schema(operation_id="agreement_read", responses=PairList)
    def get(self, request: Request, site: str) -> Response:
        """How often two readers of a site of yours said the same of an image; Cohen's kappa."""
        found = site_for(self.user, site, act=Act.KNOW_RULES)
        pairs = [
            PairAnswer(list(one.readers), one.n, one.agreed, one.kappa)
            for one in agreement_of_pairs(found)
        ]
        return Response(PairList(pairs).to_json())


class ScaleView(Endpoint):
    @extend_schema(operation_id="scale_read", responses=ScaleAnswer)
    def get(self, request: Request, site: str) -> Response:
        """The scale of the site's images whose sender says nothing else."""
        return Response(scale_answer(site_for(self.user, site, act=Act.KNOW_RULES)).to_json())

    @extend_schema(operation_id="scale_set", request=ScaleBody, responses=ScaleAnswer)
    def patch(self, request: Request, site: str) -> Response:
        """Set it; null: nobody knows. Images that are here keep what they have."""
        found = site_for(self.user, site, act=Act.MANAGE)
        scale = ScaleBody.read(request.data)["microns_per_pixel"]
        return Response(
            scale_answer(site_scale_set(found, microns_per_pixel=scale, by=self.user)).to_json()
        )


def site_for(user: User, slug: str, *, act: Act) -> Site:
    """Return the site of this slug at which the role of `user` includes `act`.

    Raises:
        Missing: there is none for them.
    """
    sites = sites_allowing(user, act=act)
    found = next((one for one in sites if one.slug == slug), None)
    if found is None:
        raise Missing
    return found


def scale_answer(site: Site) -> ScaleAnswer:
    return ScaleAnswer(site.slug, site.default_microns_per_pixel)
