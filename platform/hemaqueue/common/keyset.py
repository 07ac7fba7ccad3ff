"""Rows beyond a row, by the key they are ordered by: what pages and neighbours are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q


def turned(fields: Sequence[str]) -> list[str]:
    """Return the opposite order: "-id" for "id"."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in fields]


def beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    """Return the rows after `key`: a > x, or a = x and b > y, and so on.

    That a is at least x follows from it, and is said as well: an index can begin there.
    """
    rule, equal = Q(), Q()
    for field, value in zip(order, key, strict=True):
        name, side = _named(field)
        rule |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    name, side = _named(order[0])
    return Q(**{f"{name}__{side}e": key[0]}) & rule


def _named(field: str) -> tuple[str, str]:
    return (field[1:], "lt") if field.startswith("-") else (field, "gt")
