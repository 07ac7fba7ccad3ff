"""What a report may fetch: nothing. Its pictures are handed over with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse


class AddressRefused(ValueError):
    """A report is handed its pictures; it reads no file and asks no host."""


class HeldFetcher(URLFetcher):
    """Opens `data:` addresses and the files it holds, by their addresses, and follows nothing."""

    def __init__(self, held: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._held = held

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        if url in self._held:
            return URLFetcherResponse(url, self._held[url])
        if not url[:5].lower() == "data:":
            raise AddressRefused("Only data addresses are opened.")
        return super().fetch(url, headers)
