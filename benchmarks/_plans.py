"""How long the database takes for each query of a page, by itself, and how it goes about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.db import connection

TRIES = 3
CAPPED = "AS found"


def query_times(queries: Iterable[dict[str, str]]) -> list[tuple[str, float]]:
    """Return each SELECT of a page by its place and table, with its milliseconds in the database.

    The quickest of three counts: the first one may read from the disk.
    """
    asked = [one["sql"] for one in queries if one["sql"].startswith("SELECT")]
    return [(f"{at} {_table(sql)}", _milliseconds(sql)) for at, sql in enumerate(asked, start=1)]


def _table(sql: str) -> str:
    if CAPPED in sql:
        return "counts of the lanes"
    found = re.search(r' FROM "(\w+)"', sql)
    return found[1] if found else sql[:40]


def _milliseconds(sql: str) -> float:
    with connection.cursor() as cursor:
        return min(_explained(cursor, sql) for _ in range(TRIES))


def _explained(cursor: Any, sql: str) -> float:
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.replace('%', '%%')}", [])
    (said,) = cursor.fetchone()
    plan = (json.loads(said) if isinstance(said, str) else said)[0]
    return float(plan["Planning Time"] + plan["Execution Time"])
