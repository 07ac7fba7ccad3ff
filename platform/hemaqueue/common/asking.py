"""Questions whose answer holds for a while: who belongs where, how a site reads.

A page asks for them in many places and means the same each time. They are put to the database
once while a page is drawn, or once a request where nothing that a request does changes the
answer, or where who changes it says so by `forget`. Outside of both, everybody is answered anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


class Question(Generic[P, R]):
    """A function that is asked once within `memory`. What it is about hashes."""

    def __init__(self, question: Callable[P, R], *, memory: Memory) -> None:
        self._question, self._memory = question, memory
        update_wrapper(self, question)

    def __call__(self, *about: P.args, **more: P.kwargs) -> R:
        if (answers := self._memory.answers()) is None:
            return self._question(*about, **more)
        known = answers.setdefault(self, {})
        key = (about, *more.items())
        if key not in known:
            known[key] = self._question(*about, **more)
        return cast(R, known[key])

    def forget(self) -> None:
        """Answer anew from here on: what it is about was changed."""
        (self._memory.answers() or {}).pop(self, None)


class Memory:
    """The answers that are known for now, by question and by what it was about."""

    def __init__(self, name: str) -> None:
        self._answers: ContextVar[dict[Any, Any] | None] = ContextVar(name, default=None)

    def answers(self) -> dict[Any, Any] | None:
        return self._answers.get()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep answers until the end of the block; within another one, until the end of that."""
        if self._answers.get() is not None:
            yield
            return
        token = self._answers.set({})
        try:
            yield
        finally:
            self._answers.reset(token)

    def asked(self, question: Callable[P, R]) -> Question[P, R]:
        return Question(question, memory=self)


_page, _request = Memory("page"), Memory("request")
asking_once, asked_once = _page.kept, _page.asked
answering_request, asked_once_a_request = _request.kept, _request.asked
