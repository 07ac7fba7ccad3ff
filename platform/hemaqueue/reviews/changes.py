"""What differs between two records of a case, image by image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hemaqueue.predictions.classes import class_words
from hemaqueue.reviews.models import Choice
from hemaqueue.reviews.record import Record


class Kind(StrEnum):
    ADDED = "added"
    GONE = "gone"
    FILE = "file"
    DECISION = "decision"
    SUGGESTION = "suggestion"
    CASE = "case"


@dataclass(frozen=True)
class Change:
    """`number` is the image's place, 0 for the case itself; the words are those of the classes."""

    kind: Kind
    number: int = 0
    before: str = ""
    after: str = ""


def record_changes(before: Record, after: Record) -> list[Change]:
    """Return what `after` says differently; an image is known by its id."""
    return list(_changes(before, after))


def _changes(before: Record, after: Record) -> Iterator[Change]:
    if before["case"] != after["case"]:
        yield Change(Kind.CASE)
    old = {one["id"]: one for one in before["images"]}
    new = {one["id"]: one for one in after["images"]}
    for number, image in enumerate(after["images"], start=1):
        if image["id"] not in old:
            yield Change(Kind.ADDED, number, after=read_as(image))
        else:
            yield from _of_image(number, old[image["id"]], image)
    for number, image in enumerate(before["images"], start=1):
        if image["id"] not in new:
            yield Change(Kind.GONE, number, before=read_as(image))


def _of_image(number: int, before: Record, after: Record) -> Iterator[Change]:
    facts = ("sha256", "kind", "specimen", "stain")
    if any(before[name] != after[name] for name in facts):
        yield Change(Kind.FILE, number)
    if before["decisions"] != after["decisions"]:
        yield Change(Kind.DECISION, number, read_as(before), read_as(after))
    if before["prediction"] != after["prediction"]:
        yield Change(Kind.SUGGESTION, number)


def read_as(image: Record) -> str:
    """Return what the newest decision calls the image."""
    if not image["decisions"]:
        return ""
    return decision_words(image["decisions"][-1])


def decision_words(decision: Record) -> str:
    if decision["choice"] == Choice.LABEL:
        return str(class_words(decision["label"]).name)
    return str(Choice(decision["choice"]).label)
