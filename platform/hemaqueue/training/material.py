"""What may teach: labels that still stand, each picture once, nothing that is kept for judging."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from hemaqueue.training.confirmed import confirmed_lessons
from hemaqueue.training.folding import folds_of
from hemaqueue.training.frozen_test import frozen_items
from hemaqueue.training.imported import imported_lessons
from hemaqueue.training.lessons import (
    CONTRADICTED,
    EVERYTHING,
    Exclusion,
    Lesson,
    Material,
    Sources,
)
from jobcontract.grouping import groups_joined, pairs_alike

IN_TEST_SET, BESIDE_TEST_SET = "in_test_set", "beside_test_set"


def material(kind: str, *, classes: Collection[str], sources: Sources = EVERYTHING) -> Material:
    """Return what may be learned from for images of `kind`, and what was left out and why."""
    lessons: list[Lesson] = []
    exclusions: list[Exclusion] = []
    for found, left in (
        confirmed_lessons(kind, classes=classes) if sources.confirmed else ([], []),
        imported_lessons(kind, classes=classes, datasets=sources.datasets),
    ):
        lessons += found
        exclusions += left
    kept, repeated = _once_each(lessons)
    agreed, doubtful = _agreed(kept, kind=kind)
    apart, near = _apart_from_test_set(agreed, kind=kind)
    return Material(folds_of(apart, classes=classes), exclusions + repeated + doubtful + near)


def _once_each(lessons: Iterable[Lesson]) -> tuple[list[Lesson], list[Exclusion]]:
    """Keep each picture once. Where labels of the same bytes disagree, none of them teaches."""
    copies: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        copies[lesson.sha256].append(lesson)
    kept: list[Lesson] = []
    left: list[Exclusion] = []
    for same in copies.values():
        same.sort(key=lambda lesson: lesson.confirmed or 0)
        labels = {label for one in same for label in (one.label, *one.otherwise)}
        if len(labels) > 1:
            left += _contradicted(same, labels)
            continue
        kept.append(same[-1])
        left += [Exclusion(one.picture, "duplicate") for one in same[:-1]]
    return kept, left


def _contradicted(lessons: Iterable[Lesson], labels: Iterable[str]) -> list[Exclusion]:
    known = tuple(sorted(filter(None, labels)))
    return [Exclusion(one.picture, CONTRADICTED, known) for one in lessons]


def _agreed(lessons: Sequence[Lesson], *, kind: str) -> tuple[list[Lesson], list[Exclusion]]:
    """Leave out pictures that look alike and have two labels: one of the two is wrong."""
    doubtful: dict[int, set[str]] = defaultdict(set)
    for pair in pairs_alike([one.look for one in lessons], kind=kind):
        labels = {lessons[at].label for at in pair}
        if len(labels) > 1:
            for at in pair:
                doubtful[at] |= labels
    kept = [one for at, one in enumerate(lessons) if at not in doubtful]
    left = [_contradicted([lessons[at]], doubtful[at]) for at in sorted(doubtful)]
    return kept, [one for same in left for one in same]


def _apart_from_test_set(
    lessons: Sequence[Lesson], *, kind: str
) -> tuple[list[Lesson], list[Exclusion]]:
    """Join groups by looks, and leave out what shares one with the frozen test set."""
    frozen = frozen_items(kind)
    items = [one.item for one in lessons] + [one.item for one in frozen]
    groups = groups_joined(items, kind=kind)
    judged = set(groups[len(lessons) :])
    digests = {one.sha256 for one in frozen}
    kept: list[Lesson] = []
    left: list[Exclusion] = []
    for lesson, group in zip(lessons, groups, strict=False):
        if group not in judged:
            kept.append(replace(lesson, group=group))
            continue
        reason = IN_TEST_SET if lesson.sha256 in digests else BESIDE_TEST_SET
        left.append(Exclusion(lesson.picture, reason))
    return kept, left


def manifest_digest(lessons: Sequence[Lesson]) -> str:
    """Return the SHA-256 of the manifest: one JSON line per picture, in their hashes' order.

    A line ends with the picture's boxes, where it has some.
    """
    lines = [
        json.dumps([one.sha256, one.label, one.group, one.fold, *filter(None, [one.boxes])])
        for one in sorted(lessons, key=lambda one: one.sha256)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
