"""Making the frozen test set grow: whole groups, drawn by their names' hashes, class by class."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.common.errors import Refused
from hemaqueue.training.frozen_test import frozen_extend, never_learned
from hemaqueue.training.lessons import Lesson, Sources
from hemaqueue.training.material import material
from hemaqueue.training.naming import class_codes

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.training.models import FrozenAddition


class ShareRefused(Refused):
    """The share is a percentage from 1 to 100."""

    code = "bad_share"


def frozen_draw(
    kind: str, *, sources: Sources, percent: int, reason: str, by: User
) -> FrozenAddition:
    """Keep a share of the groups of each class for judging, from now on and for good.

    Raises:
        Missing: `by` does not run the installation.
        ShareRefused, ReasonMissing, NothingToFreeze
    """
    require_installation(by)
    if not 1 <= percent <= 100:
        raise ShareRefused
    found = material(kind, classes=class_codes(kind), sources=sources).lessons
    drawn = lessons_drawn(never_learned(kind, found), share=percent / 100)
    return frozen_extend(kind, lessons=drawn, reason=reason, by=by)


def lessons_drawn(lessons: Sequence[Lesson], *, share: float) -> list[Lesson]:
    """Return the lessons of a share of the groups; each group counts for its commonest class."""
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for one in lessons:
        held[one.group][one.label] += 1
    of_class: dict[str, list[str]] = defaultdict(list)
    for group, labels in held.items():
        of_class[max(sorted(labels), key=lambda label: labels[label])].append(group)
    chosen: set[str] = set()
    for groups in of_class.values():
        chosen.update(sorted(groups, key=_draw)[: math.ceil(share * len(groups))])
    return [one for one in lessons if one.group in chosen]


def _draw(group: str) -> str:
    return hashlib.sha256(f"test set {group}".encode()).hexdigest()
