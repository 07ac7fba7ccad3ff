"""Many small rows in one statement with an array for each column, however many rows there are.

Django's bulk insert makes an object and placeholders for each row, and its bulk update a CASE for
each row and column: that costs more than the writing, where a parcel brings a hundred rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import CharField, Field, Model

INSERT = "INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({arrays}) AS given {clash}"
UPDATE = """
UPDATE {table} SET {changes} FROM unnest({arrays}) AS given ({columns})
WHERE {table}.{key} = given.{key}
"""


def columns_insert(
    model: type[Model], *, ignore_conflicts: bool = False, **columns: Sequence[Any]
) -> None:
    """Insert rows; what is not given has its default, in all rows the same.

    `columns` are named as attributes are, a foreign key as `author_id`. Signals are not sent.
    """
    fields = [one for one in model._meta.concrete_fields if one.attname in columns]
    others = [
        one
        for one in model._meta.concrete_fields
        if one not in fields and not one.has_db_default() and one is not model._meta.auto_field
    ]
    statement = INSERT.format(
        table=_quoted(model._meta.db_table),
        columns=", ".join(_quoted(one.column) for one in (*others, *fields)),
        values=", ".join(["%s"] * len(others) + ["given.*"]),
        arrays=_arrays(fields),
        clash="ON CONFLICT DO NOTHING" if ignore_conflicts else "",
    )
    same = [one.get_db_prep_save(one.get_default(), connection) for one in others]
    _write(statement, same + [_ready(one, columns[one.attname]) for one in fields])


def columns_update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write the fields `names` of rows that are there, found by their keys."""
    if not rows:
        return
    meta = rows[0]._meta
    fields: list[Any] = [meta.pk, *(meta.get_field(name) for name in names)]
    statement = UPDATE.format(
        table=_quoted(meta.db_table),
        changes=", ".join(f"{_quoted(f.column)} = given.{_quoted(f.column)}" for f in fields[1:]),
        arrays=_arrays(fields),
        columns=", ".join(_quoted(one.column) for one in fields),
        key=_quoted(meta.pk.column),
    )
    _write(statement, [_ready(f, [getattr(row, f.attname) for row in rows]) for f in fields])


def _write(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _ready(field: Field[Any, Any], column: Sequence[Any]) -> list[Any]:
    return [field.get_db_prep_save(one, connection) for one in column]


def _arrays(fields: Sequence[Field[Any, Any]]) -> str:
    """Return a place for each array, with its type; text, so that what is too long is refused."""
    types = ["text" if isinstance(one, CharField) else one.db_type(connection) for one in fields]
    return ", ".join(f"%s::{one}[]" for one in types)


def _quoted(name: Any) -> str:
    return str(connection.ops.quote_name(str(name)))
