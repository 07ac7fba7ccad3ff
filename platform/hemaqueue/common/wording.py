"""Words that depend on the language and on nothing but what they are about: made once for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")

KEPT = 2048  # sayings of one kind; a page of the worklist has some fifty


def said_once(words: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function says, by language. What it is about hashes and names nobody."""

    @lru_cache(maxsize=KEPT)
    def known(language: str | None, *about: P.args, **more: P.kwargs) -> R:
        return words(*about, **more)

    @wraps(words)
    def said(*about: P.args, **more: P.kwargs) -> R:
        return known(get_language(), *about, **more)  # type: ignore[arg-type]

    return said
