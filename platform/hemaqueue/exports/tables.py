"""Rows as CSV or JSON. A spreadsheet runs nothing of what stands in a cell."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from hemaqueue.common.spreadsheets import inert

Row = dict[str, Any]


def csv_bytes(rows: Iterable[Row], *, columns: Sequence[str]) -> bytes:
    """Return the rows as CSV (RFC 4180, UTF-8): every cell quoted, every text inert."""
    data = io.BytesIO()
    text = io.TextIOWrapper(data, encoding="utf-8", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    text.flush()
    return data.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return inert(" ".join(str(one) for one in value))
    if isinstance(value, dict):
        return inert(json.dumps(value, sort_keys=True, ensure_ascii=False))
    return str(value) if isinstance(value, int | float) else inert(str(value))


def json_bytes(rows: Iterable[Row], *, columns: Sequence[str], head: Row) -> bytes:
    """Return `head` with the rows under "rows", as UTF-8; the rows are written one by one."""
    data = io.BytesIO()
    text = io.TextIOWrapper(data, encoding="utf-8", newline="")
    text.write(json.dumps(head | {"rows": []}, ensure_ascii=False)[:-2])
    for number, row in enumerate(rows):
        text.write(",\n" if number else "\n")
        text.write(json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False))
    text.write("\n]}\n")
    text.flush()
    return data.getvalue()
