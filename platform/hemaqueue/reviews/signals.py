"""What may be remarkable about a case: the reasons of its lane, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Signal(StrEnum):
    """A reason. Those from `OUT_OF_DISTRIBUTION` to `SMALL` are flags of an image, by its code."""

    URGENT = "urgent"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    REFERRED = "referred"
    DISAGREEMENT = "disagreement"
    FAILED = "failed"
    MISSING = "missing"
    OUT_OF_DISTRIBUTION = "out_of_distribution"
    UNCERTAIN = "uncertain"
    NOT_ASSESSABLE = "not_assessable"
    NO_CONTENT = "no_content"
    OUT_OF_FOCUS = "out_of_focus"
    OVER_EXPOSED = "over_exposed"
    UNDER_EXPOSED = "under_exposed"
    SMALL = "small"
    MALIGNANT = "malignant"
    UNSETTLED = "unsettled"
    AMENDED = "amended"
    UNKNOWN_STAIN = "unknown_stain"
    NOTED = "noted"
    SECOND_READ = "second_read"
    AT_BENCH = "at_bench"
    WORKING = "working"
    BELOW_LIMIT = "below_limit"


#: These keep a case out of the clear lane, and need no attention before others do.
QUIET = frozenset(
    {
        Signal.UNSETTLED,
        Signal.AMENDED,
        Signal.UNKNOWN_STAIN,
        Signal.NOTED,
        Signal.SECOND_READ,
        Signal.AT_BENCH,
        Signal.WORKING,
        Signal.BELOW_LIMIT,
    }
)

#: What a model says of the class. A site that reads blind is not led by it.
LEADING = frozenset({Signal.UNCERTAIN, Signal.MALIGNANT, Signal.BELOW_LIMIT})

#: The order of work: a case stands where its first signal puts it, the others after these.
FIRST = (
    {Signal.URGENT},
    {Signal.OVERDUE},
    {Signal.ANSWERED, Signal.REFERRED, Signal.DISAGREEMENT},
    {
        Signal.FAILED,
        Signal.MISSING,
        Signal.UNCERTAIN,
        Signal.NOT_ASSESSABLE,
        Signal.OUT_OF_DISTRIBUTION,
    },
    {Signal.MALIGNANT},
)

#: What waits for others comes last in its lane, until it is overdue.
WAITS = {Signal.WORKING, Signal.AT_BENCH}

PLACE = {signal.value: place for place, signal in enumerate(Signal)}


def signals_ordered(found: Iterable[str]) -> list[str]:
    """Return codes, the gravest first; flags that this release does not know come last."""
    return sorted(map(str, found), key=lambda code: (PLACE.get(code, len(PLACE)), code))


def is_grave(code: str) -> bool:
    """Say whether a signal calls for attention: one that is unknown does."""
    return code not in QUIET


def signals_rank(found: Iterable[str]) -> int:
    """Return the place in the order of work, 0 first."""
    codes = set(found)
    last = len(FIRST)
    rank = next((place for place, group in enumerate(FIRST) if codes & group), last)
    waits = codes & WAITS and Signal.OVERDUE not in codes
    return rank + last + 1 if waits else rank
