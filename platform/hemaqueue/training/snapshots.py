"""Freezing what is learned from: once written, a snapshot never changes."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing, Refused
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.boxes import boxed, boxes_kept, white_cells
from hemaqueue.training.contradicted import LabelsContradicted, snapshot_contradicted
from hemaqueue.training.folding import require_disjoint
from hemaqueue.training.frozen_test import frozen_groups, frozen_images
from hemaqueue.training.lessons import CONFIRMED_ONLY, Material, Sources
from hemaqueue.training.material import manifest_digest, material
from hemaqueue.training.models import DatasetSnapshot, FrozenImage, SnapshotImage
from hemaqueue.training.naming import class_codes
from hemaqueue.training.origins import ORIGINS, origin_of
from jobcontract import sealing
from jobcontract.messages import SealedFile, TrainingImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


MANIFESTS = "snapshots"


class EmptySnapshot(Refused):
    """There is nothing to learn from: no label was confirmed, and no data set was chosen."""

    code = "empty_snapshot"


class FrozenTouched(Refused):
    """Pictures of the snapshot are kept for judging by now. Freeze another snapshot."""

    code = "test_set_touched"


class LabelsWithdrawn(Refused):
    """Labels of the snapshot were withdrawn from training since. Freeze another snapshot."""

    code = "labels_withdrawn"


@transaction.atomic
def snapshot_freeze(kind: str, *, by: User, sources: Sources = CONFIRMED_ONLY) -> DatasetSnapshot:
    """Write down what a run of this moment learns from: images, labels, groups, exclusions.

    Raises:
        EmptySnapshot: nothing is left.
        SplitOverlap: a group lies in two folds.
    """
    classes = list(class_codes(kind))
    found = material(kind, classes=classes, sources=sources)
    if not found.lessons:
        raise EmptySnapshot
    require_disjoint([(one.group, one.fold) for one in found.lessons])
    found = replace(found, lessons=boxed(found.lessons))
    return _written(found, kind=kind, classes=classes, sources=sources, by=by)


def _written(
    found: Material, *, kind: str, classes: list[str], sources: Sources, by: User
) -> DatasetSnapshot:
    counts = Counter(one.label for one in found.lessons)
    snapshot = DatasetSnapshot.objects.create(
        kind=kind,
        sources=sources.to_json(),
        digest=manifest_digest(found.lessons),
        counts={code: counts[code] for code in classes},
        groups=len({one.group for one in found.lessons}),
        folds=len({one.fold for one in found.lessons}),
        exclusions=[one.to_json() for one in found.exclusions],
        made_by=by,
    )
    SnapshotImage.objects.bulk_create(
        SnapshotImage(
            snapshot=snapshot,
            image_id=one.image,
            confirmed_id=one.confirmed,
            imported_id=one.imported,
            label=one.label,
            group=one.group,
            fold=one.fold,
            sha256=one.sha256,
            boxes=one.boxes,
        )
        for one in found.lessons
    )
    audit_record("snapshot.create", by=by, about=snapshot, images=counts.total())
    return snapshot


def snapshot_list() -> QuerySet[DatasetSnapshot]:
    """Return the snapshots, newest first."""
    return DatasetSnapshot.objects.select_related("made_by").order_by("-made_at", "-id")


def snapshot_get(pk: UUID) -> DatasetSnapshot:
    snapshot = snapshot_list().filter(pk=pk).first()
    if snapshot is None:
        raise Missing
    return snapshot


def snapshot_behind(version: ModelVersion) -> DatasetSnapshot | None:
    """Return the snapshot a version was made from, else the newest of its kind, or None."""
    of_kind = snapshot_list().filter(kind=version.image_kind)
    return of_kind.filter(runs__candidate=version).first() or of_kind.first()


def require_usable(snapshot: DatasetSnapshot) -> None:
    """Refuse a snapshot that may not be learned from any more.

    Raises:
        SplitOverlap: a group lies in two folds.
        LabelsWithdrawn: a label or an image of it was withdrawn.
        FrozenTouched: the frozen test set grew into it.
        LabelsContradicted: a picture of it has another class, too, by now.
    """
    require_disjoint(list(snapshot.images.values_list("group", "fold")))
    sources = ("confirmed", "image", "imported")
    withdrawn = [Q(**{f"{one}__withdrawn_at__isnull": False}) for one in sources]
    if snapshot.images.filter(reduce(or_, withdrawn)).exists():
        raise LabelsWithdrawn
    frozen = FrozenImage.objects.filter(kind=snapshot.kind)
    if snapshot.images.filter(sha256__in=frozen.values("sha256")).exists():
        raise FrozenTouched
    if snapshot.images.filter(group__in=frozen.values("group")).exists():
        raise FrozenTouched
    if snapshot_contradicted(snapshot):
        raise LabelsContradicted


def manifest_seal(snapshot: DatasetSnapshot) -> SealedFile:
    """Store the snapshot for the worker, encrypted: it holds the data keys of its pictures."""
    rows = list(snapshot.images.select_related(*ORIGINS).order_by("sha256"))
    boxes = boxes_kept(rows)
    values = [
        TrainingImage(
            image=sealing.shared_file(row.key),
            label=row.label,
            group=row.group,
            sha256=row.sha256,
            fold=row.fold,
            origin=origin_of(row),
            boxes=white_cells(boxes[row.pk]),
        ).to_json()
        for row in rows
    ]
    return _manifest(values, name=snapshot.pk.hex)


def frozen_seal(kind: str) -> SealedFile | None:
    """Store the frozen test set for the worker, sealed; None where there is none."""
    images = frozen_images(kind).select_related(*ORIGINS)
    rows = list(images)
    boxes = boxes_kept(rows)
    values = [
        TrainingImage(
            image=sealing.shared_file(row.key),
            label=row.label,
            group=group,
            sha256=row.sha256,
            origin=origin_of(row),
            boxes=white_cells(boxes[row.pk]),
        ).to_json()
        for row, group in zip(rows, frozen_groups(kind), strict=True)
    ]
    if not values:
        return None
    newest = images.order_by("-addition__version").values_list("addition_id", flat=True)[0]
    return _manifest(values, name=f"test-{newest.hex}")


def _manifest(values: list[dict[str, Any]], *, name: str) -> SealedFile:
    """Seal a file of this order's own: one written anew has another data key, and a worker that
    was given the former could not read it."""
    key = f"{MANIFESTS}/{name}-{secrets.token_hex(4)}"
    return sealing.write_sealed(key, json.dumps(values).encode())


@dataclass(frozen=True)
class SnapshotDiff:
    """What `newer` has and `older` has not, by picture's hash: labels as (older, newer)."""

    older: DatasetSnapshot
    newer: DatasetSnapshot
    added: dict[str, str]
    removed: dict[str, str]
    relabelled: dict[str, tuple[str, str]]
    moved: list[str]
    same: int


def snapshot_diff(older: DatasetSnapshot, newer: DatasetSnapshot) -> SnapshotDiff:
    """Return what tells two snapshots apart; `moved` kept their label."""
    before, after = _rows(older), _rows(newer)
    both = sorted(before.keys() & after.keys())
    relabelled = {
        one: (before[one][0], after[one][0]) for one in both if before[one][0] != after[one][0]
    }
    moved = [one for one in both if one not in relabelled and before[one] != after[one]]
    return SnapshotDiff(
        older=older,
        newer=newer,
        added={one: after[one][0] for one in sorted(after.keys() - before.keys())},
        removed={one: before[one][0] for one in sorted(before.keys() - after.keys())},
        relabelled=relabelled,
        moved=moved,
        same=len(both) - len(relabelled) - len(moved),
    )


def _rows(snapshot: DatasetSnapshot) -> dict[str, tuple[str, str, int, list[Any]]]:
    found = snapshot.images.values_list("sha256", "label", "group", "fold", "boxes")
    return {sha: (label, group, fold, boxes or []) for sha, label, group, fold, boxes in found}
