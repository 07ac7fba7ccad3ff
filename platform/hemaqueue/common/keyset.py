"""Rows beyond a row, by the key they are ordered by: what pages and neighbours are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Lookup, Value
from django.db.models.lookups import GreaterThan, LessThan


def turned(fields: Sequence[str]) -> list[str]:
    """Return the opposite order: "-id" for "id"."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in fields]


def beyond(order: Sequence[str], key: Sequence[Any]) -> Lookup[Any]:
    """Return the rows after `key` in an order that ascends, or descends, in all its fields.

    PostgreSQL compares such rows as a whole, (a, b) > (x, y), and an index can begin there.
    """
    down = {name.startswith("-") for name in order}
    if len(down) != 1:
        raise ValueError(f"fields of {order} ascend, others descend")
    names = [F(name.lstrip("-")) for name in order]
    side: type[Lookup[Any]] = LessThan if down.pop() else GreaterThan
    return side(_row(names), _row([Value(value) for value in key]))


def _row(parts: Sequence[Any]) -> Func:
    return Func(*parts, template="(%(expressions)s)", output_field=BooleanField())
