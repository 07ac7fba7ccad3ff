"""The interface described: the OpenAPI document, and pages to read it. Nothing from outside."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from hemaqueue.api.permissions import IsMember
from hemaqueue.api.queries import KnownQueries

LANGUAGE = OpenApiParameter("lang", str)


class SchemaView(KnownQueries, SpectacularAPIView):
    """The OpenAPI document as JSON or YAML."""

    queries = {"GET": [OpenApiParameter("format", str), LANGUAGE]}
    permission_classes = [IsMember]
    metadata_class = None


class DocsView(KnownQueries, SpectacularSwaggerSplitView):
    """Its pages. The script is an answer of its own, because inline ones may not run."""

    queries = {"GET": [OpenApiParameter("script", str), LANGUAGE]}
    permission_classes = [IsMember]
    metadata_class = None
    template_name = "api/docs.html"
    url_name = "api:schema"
