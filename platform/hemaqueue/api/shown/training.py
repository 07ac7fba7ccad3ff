"""A training run in the words of the interface."""

from __future__ import annotations

import dataclasses
from collections import Counter

from hemaqueue.api.answers import GateAnswer, SnapshotAnswer, TrainingRunAnswer
from hemaqueue.api.shown.jobs import STAGES, error_answer, public_state
from hemaqueue.api.shown.links import link
from hemaqueue.jobs.states import JobState
from hemaqueue.registry.gates import gates_of
from hemaqueue.training.models import DatasetSnapshot, TrainingRun


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
        epochs=run.epochs,
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
    return SnapshotAnswer(
        id=snapshot.pk,
        digest=snapshot.digest,
        counts=snapshot.counts,
        excluded=dict(Counter(one["reason"] for one in snapshot.exclusions)),
        made_at=snapshot.made_at,
    )
