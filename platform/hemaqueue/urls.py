"""Every address of the platform. Each has a row in the access table of the tests."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("api/v1/", include("hemaqueue.api.urls")),
    path("", include("hemaqueue.api.short_urls")),
    path("", include("hemaqueue.web.urls")),
]
