"""One's exports in words: what was asked, how far it is, until when it can be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.exports.batches import BatchSummary, Count, batch_summary, summary_groups
from hemaqueue.exports.models import Export, ExportKind
from hemaqueue.exports.selectors import export_is_over
from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import JobState
from hemaqueue.specimens.models import Batch
from hemaqueue.web.shown.batches import batch_name
from hemaqueue.web.shown.chips import Chip, job_chip
from jobcontract.names import Work


@dataclass(frozen=True)
class ExportShown:
    what: str
    line: str
    at: datetime
    chip: Chip
    sentence: str
    ends: datetime | None
    file_url: str
    working: bool


def exports_shown(exports: Sequence[Export]) -> list[ExportShown]:
    jobs = jobs_latest([one.pk for one in exports], work=Work.BUILD_EXPORT)
    return [_shown(one, jobs.get(one.pk)) for one in exports]


def _shown(export: Export, job: Job | None) -> ExportShown:
    gone = bool(export.removed_at) or export_is_over(export)
    ready = bool(export.built_at) and not gone
    return ExportShown(
        what=f"{ExportKind(export.kind).label}, {export.format.upper()}",
        line=_line(export),
        at=export.requested_at,
        chip=_chip(job, ready=ready, gone=gone),
        sentence=_sentence(export, job, gone=gone),
        ends=export.expires_at if ready else None,
        file_url=reverse("export_file", args=[export.pk]) if ready else "",
        working=not export.built_at and job is not None and not JobState(job.state).is_final,
    )


def _line(export: Export) -> str:
    if export.batch is not None:
        return batch_name(export.batch)
    if export.snapshot is not None:
        return export.snapshot.digest[:12]
    filtered = ngettext("%(n)d filter", "%(n)d filters", len(export.asked))
    parts = [
        filtered % {"n": len(export.asked)} if export.asked else _("no filter"),
        _("with names: %s") % export.reason if export.identified else _("without names"),
    ]
    return " · ".join(parts)


def _chip(job: Job | None, *, ready: bool, gone: bool) -> Chip:
    if gone:
        return Chip("waiting", "clock-history", _("ended"))
    if ready:
        return Chip("done", "check-circle", _("ready"))
    return job_chip(job)


def _sentence(export: Export, job: Job | None, *, gone: bool) -> str:
    if gone:
        return _("The file was kept for a day and is gone.")
    if export.built_at:
        rows = ngettext("%(n)d row", "%(n)d rows", export.rows or 0)
        return rows % {"n": export.rows or 0}
    if job is None:
        return ""
    if JobState(job.state).is_final:
        return fault_told(job) or _("It could not be built. Ask again.")
    done, whole = job.progress.get("done"), job.progress.get("of")
    if done and whole:
        return _("%(done)d of %(all)d rows") % {"done": done, "all": whole}
    return _("It is being built; it appears here by itself.")


@dataclass(frozen=True)
class SummaryShown:
    """A batch's counts; `groups` are headings with their counts."""

    title: str
    batch_url: str
    summary: BatchSummary
    groups: list[tuple[str, list[Count]]]


def summary_shown(batch: Batch, *, user: User) -> SummaryShown:
    summary = batch_summary(batch, reader=user)
    return SummaryShown(
        title=batch_name(batch),
        batch_url=reverse("batch", args=[batch.pk]),
        summary=summary,
        groups=summary_groups(summary),
    )
