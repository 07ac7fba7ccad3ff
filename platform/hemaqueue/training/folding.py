"""Folds of whole groups with the classes in proportion; the same pictures give the same folds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from hemaqueue.common.errors import Refused
from hemaqueue.training.lessons import Lesson

FOLDS = 5
HELD_OUT = 0
"""This fold is never learned from: it chooses weights and thresholds."""


class SplitOverlap(Refused):
    """Pictures of one patient or one field lie in two folds. Nothing is trained on such a split."""

    code = "split_overlap"


def folds_of(lessons: Sequence[Lesson], *, classes: Collection[str]) -> list[Lesson]:
    """Return the lessons with their folds: as many as the class with the fewest groups allows.

    Class after class, the one with the fewest groups first, its groups go where that class has
    least, the largest first.
    """
    by_group: dict[str, Counter[str]] = defaultdict(Counter)
    for one in lessons:
        by_group[one.group][one.label] += 1
    of_class = {code: [g for g, held in by_group.items() if held[code]] for code in classes}
    count = min([FOLDS, *(len(groups) for groups in of_class.values() if groups)])
    fold: dict[str, int] = {}
    held = [Counter[str]() for _ in range(max(count, 1))]
    for code in sorted(of_class, key=lambda code: (len(of_class[code]), code)):
        for group in sorted(of_class[code], key=lambda g: (-by_group[g][code], g)):
            if group not in fold:
                fold[group] = min(range(len(held)), key=lambda n: (held[n][code], held[n].total()))
                held[fold[group]] += by_group[group]
    return [replace(one, fold=fold[one.group]) for one in lessons]


def require_disjoint(placed: Collection[tuple[str, int]]) -> None:
    """Refuse (group, fold) pairs in which a group lies in two folds.

    Raises:
        SplitOverlap: there is such a group.
    """
    folds: dict[str, set[int]] = defaultdict(set)
    for group, fold in placed:
        folds[group].add(fold)
    if any(len(found) > 1 for found in folds.values()):
        raise SplitOverlap
