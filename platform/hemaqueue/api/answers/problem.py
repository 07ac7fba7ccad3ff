"""A refusal."""

from __future__ import annotations

from dataclasses import dataclass

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class ProblemAnswer(Answer):
    """RFC 9457. `code` is stable; `errors` names fields where fields are wrong."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
