"""The REST interface: closed unless a view opens itself, problems as RFC 9457 says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_PERMISSION_CLASSES": ["hemaqueue.api.permissions.DenyAll"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hemaqueue.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hemaqueue.api.parsers.OneMeaningParser"],
    "DEFAULT_SCHEMA_CLASS": "hemaqueue.api.queries.QuerySchema",
    "DEFAULT_PAGINATION_CLASS": "hemaqueue.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "hemaqueue.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "PAGE_SIZE": 50,
}

KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  our migrations refer to it by this name
REST_KNOX = {
    "SECURE_HASH_ALGORITHM": "hashlib.sha512",
    "TOKEN_TTL": timedelta(days=90),
    "TOKEN_PREFIX": "hq_",
    "AUTH_HEADER_PREFIX": "Bearer",
    "AUTO_REFRESH": False,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Hemaqueue",
    "DESCRIPTION": "Decision support for trained staff; every result is confirmed by a person.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hemaqueue.api.schema_hooks.described",
    ],
    "ENUM_NAME_OVERRIDES": {"DecisionChoiceEnum": "hemaqueue.reviews.models.Choice"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["hemaqueue.api.permissions.IsMember"],
}
