"""Where a case stands in the worklist: facts in, lane and reasons out. Nothing is read or written.

attention   something has to be looked at first: a grave signal, or one that nobody knows
clear       every image benign and sure enough, nothing to remark
ready       everything else, and 5 of 100 that would be clear: the audit sample
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from hemaqueue.jobs.states import LIVE, RETRYABLE
from hemaqueue.predictions.classes import class_words
from hemaqueue.reviews.differing import words_differ
from hemaqueue.reviews.models import Choice, Lane
from hemaqueue.reviews.reading_twice import READERS, is_read_twice
from hemaqueue.reviews.signals import LEADING, Signal, is_grave, signals_ordered, signals_rank

AUDITED = 0.05

#: Romanowsky stains, as people write them. The site's own usual one is known as well.
KNOWN_STAINS = frozenset(
    {
        "giemsa",
        "jenner-giemsa",
        "leishman",
        "leishman-giemsa",
        "may-grunwald-giemsa",
        "may-grünwald-giemsa",
        "mgg",
        "pappenheim",
        "romanowsky",
        "wright",
        "wright-giemsa",
    }
)


@dataclass(frozen=True)
class Rules:
    """How a site reads: see `ReviewPolicy`."""

    blind: bool = False
    suspended: bool = False
    clear_confidence: float = 0.95
    urgent_hours: int = 2
    routine_hours: int = 24
    double_read_percent: int = 0


@dataclass(frozen=True)
class Said:
    """What a model said last of an image."""

    label: str
    confidence: float
    flags: Sequence[str] = ()


@dataclass(frozen=True)
class Read:
    """What one reader says of an image."""

    choice: str
    label: str
    at: datetime
    adjudicates: bool = False
    note: str = ""


@dataclass(frozen=True)
class ImageFacts:
    """`work` is the state of its newest job, empty where none was asked for."""

    at: datetime
    stain: str = "giemsa"
    work: str = ""
    held: bool = False
    quality: Sequence[str] = ()
    said: Said | None = None
    reads: Sequence[Read] = ()

    @property
    def is_disputed(self) -> bool:
        """Say whether readers differ, and nobody has settled it."""
        return words_differ(sorted(self.reads, key=attrgetter("at")))

    @property
    def is_called_malignant(self) -> bool:
        return self.said is not None and class_words(self.said.label).malignant


@dataclass(frozen=True)
class CaseFacts:
    """Everything that a lane depends on. `images` are those that nobody withdrew."""

    id: UUID
    images: Sequence[ImageFacts] = ()
    urgent: bool = False
    revision: int = 1
    at_bench: bool = False
    answered: bool = False
    referred: bool = False
    usual_stain: str = ""
    rules: Rules = field(default_factory=Rules)

    @property
    def is_read(self) -> bool:
        """Say whether every image is decided, and no two readers differ."""
        settled = all(one.reads and not one.is_disputed for one in self.images)
        return settled and not self.waits_for_second

    @property
    def waits_for_second(self) -> bool:
        """Say whether this is a case for two readers, and an image lacks one of them."""
        percent = self.rules.double_read_percent
        return is_read_twice(self.id, percent=percent) and any(
            sum(not read.adjudicates for read in one.reads) < READERS for one in self.images
        )


@dataclass(frozen=True)
class Place:
    """The columns of a review that are derived, by their names there."""

    lane: Lane
    reasons: list[str]
    rank: int
    doubt: float
    images: int
    malignant: int
    decided: int
    at_bench: bool
    in_audit_sample: bool
    waiting_since: datetime | None
    due_at: datetime | None


def place_of(case: CaseFacts, *, now: datetime) -> Place:
    """Derive where a case stands at `now`."""
    since = waiting_since(case)
    due = since + timedelta(hours=_hours(case)) if since else None
    found = signals_of(case) | ({Signal.OVERDUE} if due and due <= now else set())
    sampled = not found - {Signal.NOTED} and not case.rules.blind and is_audited(case.id)
    return Place(
        lane=_lane(found, sampled=sampled, blind=case.rules.blind),
        reasons=signals_ordered(found),
        rank=signals_rank(found),
        doubt=0.0 if case.rules.blind else min(map(_sureness, case.images), default=0.0),
        images=len(case.images),
        malignant=sum(one.is_called_malignant for one in case.images),
        decided=sum(bool(one.reads) for one in case.images),
        at_bench=case.at_bench,
        in_audit_sample=sampled,
        waiting_since=since,
        due_at=due,
    )


def waiting_since(case: CaseFacts) -> datetime | None:
    """Return when the oldest image came that nobody has decided, or the oldest of all."""
    unread = [one.at for one in case.images if not one.reads]
    return min(unread or [one.at for one in case.images], default=None)


def signals_of(case: CaseFacts) -> set[str]:
    """Return every signal but that of time. A blind site is not told what leads a reader."""
    found = set(_of_case(case)).union(*(_of_image(one, case) for one in case.images))
    return found - LEADING if case.rules.blind else found


def is_audited(case: UUID) -> bool:
    """Say whether a case belongs to the 5 % that are read although they would be clear."""
    drawn = int.from_bytes(hashlib.sha256(case.bytes).digest()[:4]) / 2**32
    return drawn < AUDITED


def _lane(found: set[str], *, sampled: bool, blind: bool) -> Lane:
    if any(map(is_grave, found)):
        return Lane.ATTENTION
    return Lane.READY if found or sampled or blind else Lane.CLEAR


def _hours(case: CaseFacts) -> int:
    return case.rules.urgent_hours if case.urgent else case.rules.routine_hours


def _of_case(case: CaseFacts) -> Iterator[str]:
    facts = {
        Signal.URGENT: case.urgent,
        Signal.ANSWERED: case.answered,
        Signal.REFERRED: case.referred,
        Signal.SECOND_READ: case.waits_for_second,
        Signal.AT_BENCH: case.at_bench,
        Signal.AMENDED: case.revision > 1,
        Signal.MISSING: not case.images,
    }
    return (signal for signal, holds in facts.items() if holds)


def _of_image(image: ImageFacts, case: CaseFacts) -> Iterator[str]:
    yield from image.quality
    if not case.rules.suspended:
        yield from _of_work(image)
    yield from _of_reads(image)
    if image.said is not None:
        yield from image.said.flags
        yield from _of_said(image.said, case.rules)
    if image.stain.strip().lower() not in KNOWN_STAINS | {case.usual_stain.strip().lower()}:
        yield Signal.UNKNOWN_STAIN


def _of_work(image: ImageFacts) -> Iterator[str]:
    if image.work in LIVE or image.held:
        yield Signal.WORKING
    elif image.said is None:
        yield Signal.FAILED if image.work in RETRYABLE else Signal.MISSING


def _of_said(said: Said, rules: Rules) -> Iterator[str]:
    if class_words(said.label).malignant:
        yield Signal.MALIGNANT
    elif not 0.0 <= said.confidence <= 1.0:
        yield Signal.MISSING
    elif said.confidence < rules.clear_confidence:
        yield Signal.BELOW_LIMIT


def _of_reads(image: ImageFacts) -> Iterator[str]:
    if image.is_disputed:
        yield Signal.DISAGREEMENT
    for read in image.reads:
        if read.choice == Choice.UNCERTAIN:
            yield Signal.UNSETTLED
        elif read.label and class_words(read.label).malignant:
            yield Signal.MALIGNANT
        if read.note.strip():
            yield Signal.NOTED


def _sureness(image: ImageFacts) -> float:
    known = image.said is not None and 0.0 <= image.said.confidence <= 1.0
    return image.said.confidence if known and image.said else 0.0
