"""Exports in the words of the interface."""

from __future__ import annotations

from collections.abc import Sequence

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import BatchSummaryAnswer, ExportAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.exports.batches import Count, batch_summary
from hemaqueue.exports.models import Export
from hemaqueue.exports.selectors import export_is_over
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import JobState
from hemaqueue.reports.words import INTENDED_USE
from hemaqueue.specimens.models import Batch
from jobcontract.names import Work


def export_answers(exports: Sequence[Export]) -> list[ExportAnswer]:
    jobs = jobs_latest([one.pk for one in exports], work=Work.BUILD_EXPORT)
    return [_answer(one, jobs.get(one.pk)) for one in exports]


def _answer(export: Export, job: Job | None) -> ExportAnswer:
    state = _state(export, job)
    progress = job.progress if job else {}
    return ExportAnswer(
        id=export.pk,
        url=link("export", export.pk),
        kind=export.kind,
        format=export.format,
        identified=export.identified,
        filters=export.asked,
        requested_at=export.requested_at,
        state=state,
        done=export.rows or int(progress.get("done", 0)),
        rows=export.rows,
        bytes=export.bytes,
        file=link("export_file", export.pk) if state == "ready" else None,
        file_sha256=export.file_sha256,
        expires_at=export.expires_at,
        error=job.error_detail if job and state == "failed" else "",
    )


def _state(export: Export, job: Job | None) -> str:
    if export.removed_at or export_is_over(export):
        return "expired"
    if export.built_at:
        return "ready"
    return "failed" if job and JobState(job.state).is_final else "building"


def batch_summary_answer(batch: Batch, *, user: User) -> BatchSummaryAnswer:
    found = batch_summary(batch, reader=user)
    return BatchSummaryAnswer(
        images=found.images,
        cases=found.cases,
        signed_cases=found.signed_cases,
        with_result=found.with_result,
        failed=found.failed,
        refused=found.refused,
        duplicates=found.duplicates,
        read=found.read,
        corrected=found.corrected,
        classes=_numbers(found.classes),
        flags=_numbers(found.flags),
        decisions=_numbers(found.decisions),
        models=found.models,
        intended_use=str(INTENDED_USE),
    )


def _numbers(counts: Sequence[Count]) -> dict[str, int]:
    return {one.code: one.number for one in counts}
