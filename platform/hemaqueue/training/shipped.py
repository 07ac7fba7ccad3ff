"""What the shipped versions learned from: their bundles name the subjects, or the looks."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.conf import settings

from hemaqueue.training.lessons import Lesson
from jobcontract.grouping import group_of, pairs_alike

FILES = "inference_worker/bundles/*/learned.json"


def groups_shipped(kind: str, lessons: Sequence[Lesson]) -> set[str]:
    """Return the groups of `lessons` from which a version that is shipped has learned."""
    names, looks = _learned(kind)
    groups = {one.group for one in lessons if names & {one.group, one.own}}
    pairs = pairs_alike([*(one.look for one in lessons), *looks], kind=kind)
    ours = len(lessons)
    return groups | {lessons[first].group for first, second in pairs if first < ours <= second}


def _learned(kind: str) -> tuple[set[str], list[int]]:
    """Return the groups that bear a subject's name, and the looks."""
    names: set[str] = set()
    looks: list[int] = []
    for file in sorted(settings.ROOT.glob(FILES)):
        said = json.loads(file.read_text())
        if said["image_kind"] == kind:
            names |= {group_of(patient=one, case="") for one in said["subjects"]}
            looks += said["looks"]
    return names, looks
