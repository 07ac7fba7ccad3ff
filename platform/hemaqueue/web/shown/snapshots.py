"""Snapshots, their differences and the frozen test set, as their pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.predictions.classes import ClassWords, class_words, classes_ordered
from hemaqueue.training.boxes import boxed_count
from hemaqueue.training.contradicted import Contradicted, snapshot_contradicted
from hemaqueue.training.folding import HELD_OUT
from hemaqueue.training.frozen_test import frozen_groups, frozen_images
from hemaqueue.training.lineage import snapshot_number
from hemaqueue.training.models import Dataset, DatasetSnapshot, FrozenAddition, TrainingRun
from hemaqueue.training.snapshots import SnapshotDiff
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.judged import NOWHERE, places_of
from hemaqueue.web.shown.splits import frozen_caveat, snapshot_split
from hemaqueue.web.shown.training import contradicted_line, left_out

ROWS_SHOWN = 200


@dataclass(frozen=True)
class SnapshotRow:
    id: UUID
    digest: str
    kind: str
    images: int
    groups: int
    sources: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FoldRow:
    """How many images of each class a fold holds, in the order of the classes."""

    word: str
    counts: list[int]


@dataclass(frozen=True)
class ContradictedRow:
    """`url` is empty where the picture is not here, or not for this person."""

    key: str
    url: str
    label: str
    labels: str


@dataclass(frozen=True)
class SnapshotShown:
    """`contradicted` is empty where every label stands alone; else `rows` are the first."""

    row: SnapshotRow
    number: int
    digest: str
    split: str
    classes: list[ClassWords]
    folds: list[FoldRow]
    boxed: int
    excluded: str
    contradicted: str
    rows: list[ContradictedRow]
    more: int
    runs: list[tuple[str, str]]


@dataclass(frozen=True)
class DiffRow:
    sha256: str
    what: str
    older: str
    newer: str


@dataclass(frozen=True)
class DiffShown:
    older: SnapshotRow
    newer: SnapshotRow
    line: str
    rows: list[DiffRow]
    more: int


@dataclass(frozen=True)
class FrozenShown:
    kind: str
    title: str
    images: int
    groups: int
    caveat: str
    classes: list[tuple[ClassWords, int]]
    history: list[FrozenAddition]


def snapshot_row(snapshot: DatasetSnapshot) -> SnapshotRow:
    return SnapshotRow(
        id=snapshot.pk,
        digest=snapshot.digest[:12],
        kind=kind_word(snapshot.kind),
        images=sum(snapshot.counts.values()),
        groups=snapshot.groups,
        sources=_sources(snapshot),
        by=snapshot.made_by.printed_name,
        at=snapshot.made_at,
    )


def _sources(snapshot: DatasetSnapshot) -> str:
    said = snapshot.sources or {"confirmed": True, "datasets": []}
    names = Dataset.objects.filter(pk__in=said["datasets"]).values_list("name", flat=True)
    readers = [_("what readers confirmed")] if said["confirmed"] else []
    return ", ".join([*readers, *names])


def snapshot_shown(snapshot: DatasetSnapshot, *, user: User) -> SnapshotShown:
    classes = classes_ordered(snapshot.counts)
    doubtful = snapshot_contradicted(snapshot)
    return SnapshotShown(
        row=snapshot_row(snapshot),
        number=snapshot_number(snapshot),
        digest=snapshot.digest,
        split=snapshot_split(snapshot),
        classes=[class_words(code) for code in classes],
        folds=_folds(snapshot, classes),
        boxed=boxed_count(snapshot),
        excluded=left_out(dict(Counter(one["reason"] for one in snapshot.exclusions))),
        contradicted=contradicted_line(len(doubtful)),
        rows=_contradicted(doubtful[:ROWS_SHOWN], user=user),
        more=max(len(doubtful) - ROWS_SHOWN, 0),
        runs=[_run(run.pk, run.network or run.base.name) for run in _runs(snapshot)],
    )


def _contradicted(found: Sequence[Contradicted], *, user: User) -> list[ContradictedRow]:
    here = places_of([one.sha256 for one in found], user=user)
    return [
        ContradictedRow(
            key=one.sha256[:16],
            url=here.get(one.sha256, NOWHERE).url,
            label=str(class_words(one.label).name),
            labels=", ".join(str(class_words(code).name) for code in classes_ordered(one.labels)),
        )
        for one in found
    ]


def _runs(snapshot: DatasetSnapshot) -> QuerySet[TrainingRun]:
    return snapshot.runs.select_related("base").order_by("-requested_at")[:20]


def _run(pk: UUID, name: str) -> tuple[str, str]:
    return name, reverse("training_run", args=[pk])


def _folds(snapshot: DatasetSnapshot, classes: list[str]) -> list[FoldRow]:
    rows = snapshot.images.order_by().values("fold", "label").annotate(n=Count("pk"))
    counts = {(one["fold"], one["label"]): one["n"] for one in rows}
    folds = sorted({fold for fold, _label in counts})
    return [FoldRow(_fold_word(f), [counts.get((f, code), 0) for code in classes]) for f in folds]


def _fold_word(fold: int) -> str:
    if fold == HELD_OUT:
        return _("Fold %(n)d, held out: it chooses weights and thresholds") % {"n": fold + 1}
    return _("Fold %(n)d") % {"n": fold + 1} if fold >= 0 else _("not parted here")


def diff_shown(diff: SnapshotDiff) -> DiffShown:
    rows = list(_diff_rows(diff))
    numbers = {
        "added": len(diff.added),
        "removed": len(diff.removed),
        "changed": len(diff.relabelled),
        "moved": len(diff.moved),
        "same": diff.same,
    }
    return DiffShown(
        older=snapshot_row(diff.older),
        newer=snapshot_row(diff.newer),
        line=_(
            "%(added)d came, %(removed)d went, %(changed)d have another class, %(moved)d another "
            "group, fold or boxes, %(same)d are the same."
        )
        % numbers,
        rows=rows[:ROWS_SHOWN],
        more=max(len(rows) - ROWS_SHOWN, 0),
    )


def _diff_rows(diff: SnapshotDiff) -> list[DiffRow]:
    def word(code: str) -> str:
        return str(class_words(code).name)

    relabelled = [
        DiffRow(sha, _("another class"), word(old), word(new))
        for sha, (old, new) in diff.relabelled.items()
    ]
    added = [DiffRow(sha, _("came"), "", word(label)) for sha, label in diff.added.items()]
    removed = [DiffRow(sha, _("went"), word(label), "") for sha, label in diff.removed.items()]
    moved = [DiffRow(sha, _("another group, fold or boxes"), "", "") for sha in diff.moved]
    return [*relabelled, *added, *removed, *moved]


def frozen_shown(kind: str, history: QuerySet[FrozenAddition]) -> FrozenShown:
    images = frozen_images(kind)
    labels = images.order_by().values("label").annotate(n=Count("pk"))
    counts = {one["label"]: one["n"] for one in labels}
    return FrozenShown(
        kind=kind,
        title=kind_word(kind),
        images=images.count(),
        groups=len(set(frozen_groups(kind))),
        caveat=frozen_caveat(kind),
        classes=[(class_words(code), counts[code]) for code in classes_ordered(counts)],
        history=list(history[:10]),
    )
