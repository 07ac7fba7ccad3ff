"""The last touches to the OpenAPI document: nouns, one-line summaries, and what refusals are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hemaqueue.api.answers import ProblemAnswer
from hemaqueue.api.problems import MEDIA_TYPE
from hemaqueue.api.schemas import object_schema

PREFIX = "/api/v1/"
PROBLEM = "ProblemAnswer"


def described(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Group the operations by noun, and give each its refusals."""
    result["components"]["schemas"][PROBLEM] = object_schema(ProblemAnswer)
    for path, operation in _operations(result):
        operation["tags"] = [_noun(path)]
        operation["summary"] = operation.get("description", "").partition("\n")[0]
        operation["responses"]["default"] = {
            "description": "A refusal, as RFC 9457 says",
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}},
        }
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in result["paths"].items():
        for operation in operations.values():
            yield path, operation


def _noun(path: str) -> str:
    return path.removeprefix(PREFIX).partition("/")[0] if path.startswith(PREFIX) else "short"
