"""Inserts whose SQL is built once: for the rows that every upload and every view leaves."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
STATEMENT = "INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING {given}"


def row_insert(row: Row) -> Row:
    """Insert a new row as `save()` would, and return it with what the database gave.

    Columns with a default in the database get that. No value may be an expression, and signals
    are not sent: what costs in `save()` is to find out that nobody listens.
    """
    statement, written, given = _prepared(type(row))
    values = [one.get_db_prep_save(one.pre_save(row, add=True), connection) for one in written]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        said = cursor.fetchone()
    for field, value in zip(given, said, strict=True):
        setattr(row, field.attname, value)
    row._state.adding, row._state.db = False, connection.alias
    return row


@cache
def _prepared(model: type[Model]) -> tuple[str, list[Field[Any, Any]], list[Field[Any, Any]]]:
    """Return the statement, the fields that it is given, and those that it gives."""
    fields = model._meta.concrete_fields
    given = [one for one in fields if one.has_db_default() or one is model._meta.auto_field]
    written = [one for one in fields if one not in given]
    key = given or [model._meta.pk]
    quote = connection.ops.quote_name
    statement = STATEMENT.format(
        table=quote(model._meta.db_table),
        columns=", ".join(quote(str(one.column)) for one in written),
        values=", ".join(["%s"] * len(written)),
        given=", ".join(quote(str(one.column)) for one in key),
    )
    return statement, written, key
