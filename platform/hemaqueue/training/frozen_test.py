"""The frozen test set: versions are judged on it, nothing ever learns from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.training.boxes import boxed
from hemaqueue.training.lessons import Lesson
from hemaqueue.training.models import FrozenAddition, FrozenImage, SnapshotImage
from hemaqueue.training.shipped import groups_shipped
from jobcontract.grouping import Item, groups_joined

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hemaqueue.accounts.models import User


class NothingToFreeze(Refused):
    """Nothing here may be added: versions have learned from all of it, or it is in there."""

    code = "nothing_to_freeze"


class ReasonMissing(Refused):
    """Say why the test set grows."""

    code = "reason_required"


class FrozenItem(NamedTuple):
    sha256: str
    own: str
    look: int | None

    @property
    def item(self) -> Item:
        return Item(self.own, self.look)


def frozen_items(kind: str) -> list[FrozenItem]:
    """Return what keeps lessons apart from the test set."""
    rows = FrozenImage.objects.filter(kind=kind).values_list("sha256", "group", "perceptual_hash")
    return [FrozenItem(*row) for row in rows.order_by("sha256")]


def frozen_groups(kind: str) -> list[str]:
    """Return the group of each image of the test set, in its order; what looks alike is one."""
    return groups_joined([one.item for one in frozen_items(kind)], kind=kind)


def frozen_images(kind: str) -> QuerySet[FrozenImage]:
    """Return the test set, always in the same order."""
    return FrozenImage.objects.filter(kind=kind).order_by("sha256")


def frozen_history(kind: str) -> QuerySet[FrozenAddition]:
    """Return how the test set grew, the newest first; the first row is its version."""
    return FrozenAddition.objects.filter(kind=kind).select_related("by").order_by("-version")


def frozen_version(kind: str) -> int:
    """Return how often the test set grew: its version, 0 while there is none."""
    return FrozenAddition.objects.filter(kind=kind).count()


@transaction.atomic
def frozen_extend(kind: str, *, lessons: Sequence[Lesson], reason: str, by: User) -> FrozenAddition:
    """Add whole groups to the test set, for good, with the boxes that people drew so far.

    Groups from which a version may have learned are not taken: judging on them would flatter.

    Raises:
        Missing: `by` does not run the installation.
        ReasonMissing, NothingToFreeze: there is no reason, or nothing is left to add.
    """
    require_installation(by)
    if not reason.strip():
        raise ReasonMissing
    fresh = boxed(never_learned(kind, lessons))
    if not fresh:
        raise NothingToFreeze
    addition = FrozenAddition.objects.create(
        kind=kind,
        version=frozen_version(kind) + 1,
        reason=reason.strip()[:300],
        digest=_digest(kind, more=fresh),
        added=len(fresh),
        by=by,
    )
    FrozenImage.objects.bulk_create(_rows(fresh, addition=addition))
    audit_record("test_set.extend", by=by, about=addition, added=len(fresh), kind=kind)
    return addition


def never_learned(kind: str, lessons: Sequence[Lesson]) -> list[Lesson]:
    """Return the lessons of groups from which nothing learned: no run, no version as shipped."""
    seen = SnapshotImage.objects.filter(snapshot__kind=kind, snapshot__runs__isnull=False)
    names = set(seen.values_list("group", flat=True))
    digests = set(seen.values_list("sha256", flat=True))
    learned = groups_shipped(kind, lessons) | {
        one.group
        for one in lessons
        if one.sha256 in digests or one.group in names or one.own in names
    }
    return [one for one in lessons if one.group not in learned]


def _rows(lessons: Sequence[Lesson], *, addition: FrozenAddition) -> list[FrozenImage]:
    return [
        FrozenImage(
            addition=addition,
            kind=addition.kind,
            image_id=one.image,
            imported_id=one.imported,
            label=one.label,
            group=one.own,
            sha256=one.sha256,
            perceptual_hash=one.look,
            key=one.key,
            boxes=one.boxes,
        )
        for one in lessons
    ]


def _digest(kind: str, *, more: Sequence[Lesson]) -> str:
    """Return the SHA-256 of (picture, label) lines of the set as it will be.

    A line ends with the picture's boxes, where it has some.
    """
    held = frozen_images(kind).values_list("sha256", "label", "boxes")
    rows = [*held, *((one.sha256, one.label, one.boxes) for one in more)]
    lines = [json.dumps([*line, *filter(None, [boxes])]) for *line, boxes in rows]
    text = "\n".join(sorted(lines))
    return hashlib.sha256(text.encode()).hexdigest()
