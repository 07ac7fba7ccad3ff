"""A training run in the words of the interface."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, cast

from hemaqueue.api.answers import (
    ClassCountAnswer,
    FrozenAdditionAnswer,
    FrozenAnswer,
    GateAnswer,
    SnapshotAnswer,
    SnapshotDiffAnswer,
    TrainingPreviewAnswer,
    TrainingRunAnswer,
)
from hemaqueue.api.answers.snapshots import SnapshotImageAnswer
from hemaqueue.api.shown.jobs import STAGES, error_answer, public_state
from hemaqueue.api.shown.links import link
from hemaqueue.evaluations.gates import gates_of
from hemaqueue.jobs.states import JobState
from hemaqueue.training.boxes import boxed_count
from hemaqueue.training.frozen_test import frozen_groups, frozen_history, frozen_images
from hemaqueue.training.lineage import snapshot_number
from hemaqueue.training.models import DatasetSnapshot, SnapshotImage, TrainingRun
from hemaqueue.training.origins import without_person
from hemaqueue.training.selectors import TrainingPreview, ended_early, seconds_left
from hemaqueue.training.snapshots import SnapshotDiff

if TYPE_CHECKING:
    from uuid import UUID


def run_answer(run: TrainingRun) -> TrainingRunAnswer:
    job = run.job
    state = JobState(job.state) if job else JobState.QUEUED
    gates = gates_of(run.candidate) if run.candidate else []
    return TrainingRunAnswer(
        id=run.pk,
        url=link("training_run", run.pk),
        image_kind=run.snapshot.kind,
        state=public_state(state),
        stage=STAGES[state],
        final=state.is_final,
        progress=job.progress if job else {},
        curve=run.curve,
        network=run.network,
        settings=run.settings,
        epochs=run.epochs,
        ended_early=ended_early(run),
        seconds_left=seconds_left(run),
        seed=run.seed,
        snapshot=snapshot_answer(run.snapshot),
        base=run.base_id,
        candidate=run.candidate_id,
        metrics=run.metrics,
        gates=[GateAnswer(**dataclasses.asdict(gate)) for gate in gates],
        error=error_answer(job),
        fault=run.fault,
        requested_by=run.requested_by.printed_name,
        requested_at=run.requested_at,
        started_at=job.started_at if job else None,
        finished_at=job.finished_at if job else None,
    )


def snapshot_answer(snapshot: DatasetSnapshot) -> SnapshotAnswer:
    sources = snapshot.sources or {"confirmed": True, "datasets": []}
    return SnapshotAnswer(
        id=snapshot.pk,
        url=link("snapshot", snapshot.pk),
        number=snapshot_number(snapshot),
        image_kind=snapshot.kind,
        digest=snapshot.digest,
        confirmed=sources["confirmed"],
        datasets=sources["datasets"],
        counts=snapshot.counts,
        groups=snapshot.groups,
        without_person=without_person(snapshot.images.all()),
        boxed=boxed_count(snapshot),
        folds=snapshot.folds,
        excluded=dict(Counter(one["reason"] for one in snapshot.exclusions)),
        made_by=snapshot.made_by.printed_name,
        made_at=snapshot.made_at,
    )


def snapshot_image_answer(row: SnapshotImage) -> SnapshotImageAnswer:
    return SnapshotImageAnswer(
        image=cast("UUID", row.image_id or row.imported_id),
        sha256=row.sha256,
        label=row.label,
        group=row.group,
        fold=row.fold,
        dataset=row.imported.dataset_id if row.imported else None,
    )


def diff_answer(diff: SnapshotDiff) -> SnapshotDiffAnswer:
    return SnapshotDiffAnswer(
        older=diff.older.pk,
        newer=diff.newer.pk,
        added=diff.added,
        removed=diff.removed,
        relabelled={one: list(labels) for one, labels in diff.relabelled.items()},
        moved=diff.moved,
        same=diff.same,
    )


def frozen_answer(kind: str) -> FrozenAnswer:
    labels = list(frozen_images(kind).values_list("label", flat=True))
    additions = [
        FrozenAdditionAnswer(
            one.version, one.added, one.reason, one.digest, one.by.printed_name, one.at
        )
        for one in frozen_history(kind)
    ]
    return FrozenAnswer(
        image_kind=kind,
        images=len(labels),
        groups=len(set(frozen_groups(kind))),
        without_person=without_person(frozen_images(kind)),
        counts=dict(Counter(labels)),
        additions=additions,
    )


def preview_answer(preview: TrainingPreview) -> TrainingPreviewAnswer:
    return TrainingPreviewAnswer(
        image_kind=preview.kind,
        serving=preview.serving.pk if preview.serving else None,
        classes=[ClassCountAnswer(**dataclasses.asdict(one)) for one in preview.counts],
        minimum=preview.minimum,
        excluded=preview.excluded,
        may_start=preview.may_start,
        obstacle=preview.obstacle,
        network=preview.network,
        snapshot=preview.snapshot,
        epochs=preview.epochs,
        seconds_expected=preview.seconds,
        contradicted=preview.contradicted,
    )
