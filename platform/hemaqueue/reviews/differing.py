"""When readers differ about an image: one rule, for lanes, signing and training alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Word(Protocol):
    """What one reader said of an image."""

    @property
    def choice(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def adjudicates(self) -> bool: ...


def words_differ(said: Sequence[Word]) -> bool:
    """Say whether words in the order they came differ since one settled those before it."""
    settled = [at for at, one in enumerate(said) if one.adjudicates]
    since = said[settled[-1] if settled else 0 :]
    return len({(one.choice, one.label) for one in since}) > 1
