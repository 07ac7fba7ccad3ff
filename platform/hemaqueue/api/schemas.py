"""OpenAPI from the answers' own types: nothing is described twice."""

from __future__ import annotations

import dataclasses
import types
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)

from hemaqueue.api.answers import Answer

Schema = dict[str, Any]

PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number", "format": "double"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}


class AnswerExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Lets a view name an Answer as its response."""

    target_class = Answer
    match_subclasses = True

    def get_name(self, auto_schema: Any, direction: Any) -> str:
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: Any) -> Schema:
        return object_schema(self.target)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer hq_…`"""

    target_class = "hemaqueue.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> Schema:
        return {"type": "http", "scheme": "bearer"}


def object_schema(kind: type) -> Schema:
    """Return the schema of a dataclass; every field is always there."""
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    text = (kind.__doc__ or "").strip()
    return {
        "type": "object",
        "required": names,
        "properties": {name: schema_of(hints[name]) for name in names},
    } | ({} if text.startswith(f"{kind.__name__}(") else {"description": text})


def schema_of(hint: Any) -> Schema:
    """Return the schema of a type hint. Unknown ones fail, so that none is forgotten."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        kept = [one for one in inner if one is not type(None)]
        return schema_of(kept[0]) | {"nullable": True}
    if origin is list:
        return {"type": "array", "items": schema_of(inner[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    if dataclasses.is_dataclass(hint):
        return object_schema(hint)  # type: ignore[arg-type]
    return PLAIN[hint]
