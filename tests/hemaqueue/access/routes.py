"""Every address of the platform, from the URLconf itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def all_routes() -> set[str]:
    """Return the full names of all addresses; one without a name shows as its pattern."""
    return set(_walk(get_resolver().url_patterns))


def _walk(patterns: list[Any], *, namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, namespace=inner)
        elif isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or str(pattern.pattern))
