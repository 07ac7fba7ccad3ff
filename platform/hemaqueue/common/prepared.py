"""Queries whose SQL is built once: Django builds it anew each time, which costs more than asking.

For what every upload and every result asks. Elsewhere a queryset is plainer, and its price goes
unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet

Row = TypeVar("Row")


class Given(Expression):
    """The place of a value that comes with each question."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, *_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Among(Func):
    """A filter: the column is one of the values that come with each question, as one array."""

    template, arg_joiner = "%(expressions)s::%(type)s[])", " = ANY("

    def __init__(self, column: str, name: str, field: Field[Any, Any]) -> None:
        super().__init__(F(column), Given(name, field), output_field=BooleanField())
        self.type_of = field.db_type

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, type=self.type_of(connection), **more)


class Prepared(Generic[Row]):
    """A queryset with places for values, compiled when it is first asked.

        by_key = Prepared(lambda: Thing.objects.filter(key=Given("key", CharField())))
        by_key(key="a")
        of_keys = Prepared(lambda: Thing.objects.filter(Among("key", "keys", CharField())))
        of_keys(keys=["a", "b"])

    `shape` returns the queryset; what it joins and selects is the same for every value.
    """

    def __init__(self, shape: Callable[[], QuerySet[Any, Row]]) -> None:
        self._shape = shape

    def __call__(self, **given: object) -> list[Row]:
        """Return the rows for these values."""
        queryset, compiler, sql, places = self._compiled
        values = tuple(given[one.name] if isinstance(one, Given) else one for one in places)
        ready = copy(compiler)
        ready.connection = connections[queryset.db]
        ready.as_sql = lambda *_, **__: (sql, values)
        asked = queryset.all()
        asked.query.get_compiler = lambda *_, **__: ready  # type: ignore[method-assign]
        return list(asked)

    @cached_property
    def _compiled(self) -> tuple[QuerySet[Any, Row], Any, str, tuple[Any, ...]]:
        queryset = self._shape()
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, places = compiler.as_sql()
        return queryset, compiler, sql, tuple(places)
