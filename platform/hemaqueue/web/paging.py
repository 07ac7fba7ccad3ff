"""Keyset pages: as quick at the hundred-thousandth row as at the first.

The cursor is the sort key of the last row shown, signed so that it cannot be made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core import signing
from django.db.models import QuerySet
from django.http import QueryDict

from hemaqueue.common.keyset import beyond, turned

PAGE_SIZE = 50
SALT = "hemaqueue.web.paging"

Row = TypeVar("Row")


@dataclass(frozen=True)
class Pages:
    """Query strings of the neighbouring pages, empty where there is none."""

    newer: str = ""
    older: str = ""


def page_after(
    rows: QuerySet[Any, Row], *, fields: Sequence[str], query: QueryDict, size: int = PAGE_SIZE
) -> tuple[list[Row], Pages]:
    """Return one page of `rows`, ordered by `fields` ("-id" descends), and its neighbours.

    The last field must be unique. A cursor that does not hold gives the first page.
    """
    backwards, key = _cursor(query)
    order = turned(fields) if backwards else list(fields)
    found = rows.order_by(*order)
    if key:
        found = found.filter(beyond(order, key))
    shown = list(found[: size + 1])
    more, shown = len(shown) > size, shown[:size]
    if backwards:
        shown.reverse()
    if not shown:
        return shown, Pages()
    has_newer, has_older = (more, True) if backwards else (bool(key), more)
    return shown, Pages(
        newer=_link(query, row=shown[0], fields=fields, backwards=True) if has_newer else "",
        older=_link(query, row=shown[-1], fields=fields, backwards=False) if has_older else "",
    )


def part_of(
    rows: Sequence[Row], *, query: QueryDict, size: int = PAGE_SIZE
) -> tuple[list[Row], Pages]:
    """Return one page of a list that had to be worked out whole, and its neighbours."""
    given = query.get("from", "")
    start = int(given[:9]) if given.isascii() and given.isdigit() else 0
    end = start + size
    return list(rows[start:end]), Pages(
        newer=_from(query, max(0, start - size)) if start else "",
        older=_from(query, end) if end < len(rows) else "",
    )


def _from(query: QueryDict, start: int) -> str:
    turned = query.copy()
    turned["from"] = str(start)
    return turned.urlencode()


def _cursor(query: QueryDict) -> tuple[bool, list[Any]]:
    try:
        given = signing.loads(query.get("after", ""), salt=SALT)
    except signing.BadSignature:
        return False, []
    return bool(given["back"]), list(given["key"])


def _link(query: QueryDict, *, row: object, fields: Sequence[str], backwards: bool) -> str:
    key = [_plain(getattr(row, field.lstrip("-"))) for field in fields]
    after = signing.dumps({"back": backwards, "key": key}, salt=SALT)
    turned = query.copy()
    turned["after"] = after
    return turned.urlencode()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
