"""Training as its page shows it: what would be learned, how runs go, what to decide about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hemaqueue.common.told import told
from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.classes import ClassWords, class_words
from hemaqueue.training.models import TrainingRun
from hemaqueue.training.selectors import TrainingPreview, ended_early, epochs_due, seconds_left
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.chips import Chip, job_chip
from hemaqueue.web.shown.failures import FAILED, OF_TRAINING, advice
from hemaqueue.web.shown.learning import early_end
from hemaqueue.web.shown.numbers import percent
from hemaqueue.web.templatetags.ui import seconds


@dataclass(frozen=True)
class ClassRow:
    words: ClassWords
    total: int
    new: int
    groups: int
    enough: bool


@dataclass(frozen=True)
class PreviewShown:
    """`begins` is the network that starts from nothing, empty where `serving` goes on learning.

    `serving` is empty where no version serves. `contradicted` says how many pictures of the
    snapshot have another class, too, by now; at `contradicted_url` they are listed.
    """

    kind: str
    title: str
    serving: str
    begins: str
    frozen: bool
    rows: list[ClassRow]
    line: str
    excluded: str
    obstacle: str
    contradicted: str
    contradicted_url: str
    estimate: str


@dataclass(frozen=True)
class RunShown:
    """`epoch` is None before the first; `seconds_left` is an estimate by the epochs so far.

    `candidate` is the version that it made, and `candidate_url` its page; empty without one.
    `early` says in words that learning ended before all epochs were done, and why.
    """

    id: UUID
    kind: str
    base: str
    images: int
    by: str
    at: datetime
    chip: Chip
    live: bool
    epoch: int | None
    epochs: int
    early: str
    seconds_left: float | None
    sentence: str
    candidate: str
    candidate_url: str


def preview_shown(preview: TrainingPreview) -> PreviewShown:
    return PreviewShown(
        kind=preview.kind,
        title=kind_word(preview.kind),
        serving=preview.serving.name if preview.serving else "",
        begins=_from_nothing(preview.network) if preview.network else "",
        frozen=preview.snapshot is not None,
        rows=[
            ClassRow(class_words(one.code), one.total, one.new, one.groups,
                     one.total >= preview.minimum)
            for one in preview.counts
        ],
        line=_("Each class needs %(n)d.") % {"n": preview.minimum},
        excluded=left_out(preview.excluded),
        obstacle=told(preview.obstacle, otherwise=gettext_lazy(
            "A class has too few confirmed images, or they are of too few patients."
        )),
        contradicted=contradicted_line(preview.contradicted),
        contradicted_url=f"{reverse('snapshot', args=[preview.snapshot])}#contradicted"
        if preview.contradicted else "",
        estimate=_estimate(preview),
    )  # fmt: skip


def contradicted_line(count: int) -> str:
    """Return how many pictures of a snapshot have another class, too, by now; empty for none."""
    if not count:
        return ""
    return ngettext(
        "%(n)d image has another class, too, by now.",
        "%(n)d images have another class, too, by now.",
        count,
    ) % {"n": count}


def _estimate(preview: TrainingPreview) -> str:
    """Return how long the run should take, by what the last one took on this machine."""
    if preview.seconds is None:
        return _("No run was done here yet by which to tell how long one takes.")
    facts = {"n": preview.epochs, "time": seconds(preview.seconds)}
    return _("%(n)d epochs should take about %(time)s, judged by the last run.") % facts


def left_out(excluded: dict[str, int]) -> str:
    """Return how many confirmed images do not teach, and why."""
    if not excluded:
        return ""
    words = {
        "image_withdrawn": _("withdrawn"),
        "label_withdrawn": _("label withdrawn"),
        "confirmed_in_bulk": _("confirmed together with others, not one by one"),
        "readers_disagree": _("readers disagree about it"),
        "decided_otherwise": _("decided otherwise since"),
        "class_unknown": _("not a class of this model"),
        "file_missing": _("file missing"),
        "duplicate": _("the same picture again"),
        "contradicted": _("the same picture, or one that looks like it, has two classes"),
        "in_test_set": _("kept for judging"),
        "beside_test_set": _("of a patient or a field that is kept for judging"),
    }
    parts = [f"{count} {words.get(reason, reason)}" for reason, count in sorted(excluded.items())]
    return _("Left out: %(list)s.") % {"list": ", ".join(parts)}


def run_shown(run: TrainingRun) -> RunShown:
    job, progress = run.job, run.job.progress if run.job else {}
    epoch = progress.get("epoch") or (run.curve[-1].get("epoch") if run.curve else None)
    return RunShown(
        id=run.pk,
        kind=kind_word(run.snapshot.kind),
        base=begins_with(run),
        images=sum(run.snapshot.counts.values()),
        by=run.requested_by.printed_name,
        at=run.requested_at,
        chip=_chip(run, epoch=epoch),
        live=is_live(run),
        epoch=epoch,
        epochs=epochs_due(run),
        early=_early(run),
        seconds_left=seconds_left(run),
        sentence=_sentence(run, job=job, progress=progress),
        candidate=run.candidate.name if run.candidate else "",
        candidate_url=reverse("model", args=[run.candidate.pk]) if run.candidate else "",
    )


def begins_with(run: TrainingRun) -> str:
    """Return the version that goes on learning, or the network that begins with nothing."""
    return _from_nothing(run.network) if run.network else run.base.name


def _from_nothing(network: str) -> str:
    return _("%(network)s, from nothing") % {"network": network}


def is_live(run: TrainingRun) -> bool:
    return run.job is not None and not JobState(run.job.state).is_final


def _chip(run: TrainingRun, *, epoch: int | None) -> Chip:
    if run.fault:
        return Chip("failed", "x-circle", _("not registered"))
    if epoch is None or run.job is None or run.job.state != JobState.RUNNING:
        return job_chip(run.job)
    if epoch >= epochs_due(run):
        return Chip("working", "arrow-repeat", _("being judged"))
    words = _("epoch %(k)d of %(n)d") % {"k": epoch, "n": run.epochs}
    return Chip("working", "arrow-repeat", words)


def _early(run: TrainingRun) -> str:
    last = ended_early(run)
    if last is None:
        return ""
    return early_end(epoch=last, of=run.epochs, patience=run.settings["patience"])


def _sentence(run: TrainingRun, *, job: Job | None, progress: dict[str, Any]) -> str:
    if run.fault:
        return run.fault
    if job and job.state in RETRYABLE:
        return f"{fault_told(job) or FAILED} {advice(job.error_code, known=OF_TRAINING)}"
    recall = progress.get("check_macro_recall")
    if isinstance(recall, int | float):
        return _("Mean recall on the images held out: %(n)s") % {"n": percent(recall)}
    return ""
