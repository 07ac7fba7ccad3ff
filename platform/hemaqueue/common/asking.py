"""Questions whose answer holds while a page is drawn: who belongs where, how a site reads.

A page asks for them in many places and means the same each time. Between the first line of a page
and its last they are put to the database once; whoever writes is always answered anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Keep the answers to such questions until the page is drawn."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked_once(question: Callable[P, R]) -> Callable[P, R]:
    """Mark a question about what does not change while a page is drawn. What it is about hashes."""

    @wraps(question)
    def answer(*about: P.args, **more: P.kwargs) -> R:
        known = _answers.get()
        if known is None:
            return question(*about, **more)
        key = (question, about, tuple(more.items()))
        if key not in known:
            known[key] = question(*about, **more)
        return cast(R, known[key])

    return answer
