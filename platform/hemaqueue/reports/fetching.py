"""What a report may fetch: nothing. Its pictures are inside it."""

from __future__ import annotations

from typing import Any

from weasyprint.urls import URLFetcher


class AddressRefused(ValueError):
    """A report holds its pictures; it reads no file and asks no host."""


class DataOnlyFetcher(URLFetcher):
    """Opens `data:` addresses and nothing else, and follows nothing."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        if not url[:5].lower() == "data:":
            raise AddressRefused("Only data addresses are opened.")
        return super().fetch(url, headers)
