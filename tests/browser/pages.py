"""Every page that a person can open, as the access table says, with what is on it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.hemaqueue.access.table import PAGES
from tests.hemaqueue.access.world import World

#: What helps nobody to look at: downloads and answers to polls are found by what they send.
WHOLE_PAGE = b"<!doctype html>"


def addresses(world: World, *, role: str, page: Page) -> list[str]:
    """Return the addresses of whole pages that `role` may open, in the order of the table."""
    rows = [row for row in PAGES if row.method == "GET" and row.expected(role) == 200]
    found = dict.fromkeys(world.address(row, role=role) for row in rows)
    return [address for address in found if _is_page(address, page=page)]


def _is_page(address: str, *, page: Page) -> bool:
    answer = page.context.request.get(address)
    return answer.status == 200 and answer.body().lstrip().lower().startswith(WHOLE_PAGE)
