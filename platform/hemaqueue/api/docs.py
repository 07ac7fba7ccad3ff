"""The interface described: the OpenAPI document, and pages to read it. Nothing from outside."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from hemaqueue.api.permissions import IsMember


class SchemaView(SpectacularAPIView):
    """The OpenAPI document as JSON or YAML."""

    permission_classes = [IsMember]
    metadata_class = None


class DocsView(SpectacularSwaggerSplitView):
    """Its pages. The script is an answer of its own, because inline ones may not run."""

    permission_classes = [IsMember]
    metadata_class = None
    template_name = "api/docs.html"
    url_name = "api:schema"
