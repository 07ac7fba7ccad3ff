"""Query parameters: an endpoint names those it knows, and refuses a misspelt one.

A filter that was silently left out would answer with more than was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

Queries = Mapping[str, Sequence[OpenApiParameter]]
LONGEST_NAME = 60


class KnownQueries(APIView):
    """`queries` has the parameters of each method; the OpenAPI document lists the same ones."""

    queries: ClassVar[Queries] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if not hasattr(self, method.lower()):
            return  # 405, whatever is asked
        refuse_unknown(request, known=[one.name for one in self.queries.get(method, ())])


def refuse_unknown(request: Request, *, known: Sequence[str]) -> None:
    """Refuse query parameters that nobody reads.

    Raises:
        ValidationError: with each of them, and what is known instead.
    """
    words = f"Known here: {', '.join(sorted(known))}." if known else "None is known here."
    unknown = [name[:LONGEST_NAME] for name in request.query_params if name not in known]
    if unknown:
        detail = {name: f"There is no such parameter. {words}" for name in unknown}
        raise ValidationError(detail, code="unknown_parameter")


class QuerySchema(AutoSchema):
    """Describes an endpoint's `queries` without being told."""

    def get_override_parameters(self) -> list[Any]:
        queries: Queries = getattr(self.view, "queries", {})
        return [*super().get_override_parameters(), *queries.get(self.method, ())]
