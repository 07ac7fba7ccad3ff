"""A filter as plain values: kept with the export, and read again where the file is built."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Model

RESULT_FILTERS = (
    "q", "label", "band", "flag", "status", "site", "reader", "model", "since", "until",
)  # fmt: skip
AUDIT_FILTERS = ("who", "action", "object", "outcome", "since", "until")
DATES = ("since", "until")


def plain(asked: Mapping[str, Any], *, known: tuple[str, ...]) -> dict[str, str]:
    """Return what was really asked, as text: rows by id, days as ISO 8601."""
    values = {name: _plain(asked.get(name)) for name in known}
    return {name: value for name, value in values.items() if value}


def _plain(value: Any) -> str:
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "").strip()


def question(asked: Mapping[str, str], *, known: tuple[str, ...]) -> dict[str, Any]:
    """Return the values of a filter for a query; what was not asked is there, and empty."""
    values: dict[str, Any] = {name: asked.get(name, "") for name in known}
    for name in DATES:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    return values
