"""One run as its page shows it: where it stands, its curves, what it learns from, what it made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hemaqueue.jobs.selectors import WAITING
from hemaqueue.jobs.states import RETRYABLE
from hemaqueue.predictions.classes import ClassWords, class_words, classes_ordered
from hemaqueue.training.models import TrainingRun
from hemaqueue.training.selectors import epochs_due
from hemaqueue.web.shown.learning_curves import CurvePlot, curve_plots
from hemaqueue.web.shown.splits import snapshot_split
from hemaqueue.web.shown.training import RunShown, begins_with, is_live, run_shown

SETTING_WORDS = {
    "learning_rate": lazy("Learning rate"),
    "batch_size": lazy("Batch size"),
    "input_size": lazy("Input size in pixels"),
    "patience": lazy("Patience in epochs"),
}


@dataclass(frozen=True)
class RunFact:
    word: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class RunPage:
    run: RunShown
    title: str
    stage: str
    plots: list[CurvePlot]
    counts: list[tuple[ClassWords, int]]
    facts: list[RunFact]
    results: list[RunFact]
    stopping: bool
    may_retry: bool


def run_page(run: TrainingRun) -> RunPage:
    progress = run.job.progress if run.job else {}
    return RunPage(
        run=run_shown(run),
        title=_title(run),
        stage=_stage(run, progress),
        plots=curve_plots(run.curve, of=epochs_due(run)),
        counts=[
            (class_words(code), run.snapshot.counts[code])
            for code in classes_ordered(run.snapshot.counts)
        ],
        facts=_facts(run),
        results=_results(run.metrics),
        stopping=bool(run.job and run.job.cancel_requested and not run.job.finished_at),
        may_retry=bool(run.job and run.job.state in RETRYABLE),
    )


def _title(run: TrainingRun) -> str:
    if run.network:
        return begins_with(run)
    return _("%(name)s goes on learning") % {"name": run.base.name}


def _stage(run: TrainingRun, progress: dict[str, Any]) -> str:
    """Return what is being done; nothing once the run has ended, however it did."""
    if run.job is None or not is_live(run):
        return ""
    if run.job.state in WAITING:
        return _("It waits for its worker.")
    words = {
        "reading": _("The pictures are read and checked."),
        "learning": _("It learns. A stop or a crash loses one epoch at most."),
        "judging": _("It has learned, and is being judged."),
    }
    return words.get(progress.get("stage", ""), _("It waits for its worker."))


def _facts(run: TrainingRun) -> list[RunFact]:
    snapshot = run.snapshot
    facts = [
        RunFact(_("Learns from"), snapshot.digest[:12], reverse("snapshot", args=[snapshot.pk])),
        RunFact(_("Patients, cases or groups"), str(snapshot.groups)),
        RunFact(_("Split"), snapshot_split(snapshot)),
        RunFact(_("Compared with") if run.network else _("Starts from"), run.base.name),
        RunFact(_("Epochs"), str(run.epochs)),
        RunFact(_("Seed"), str(run.seed)),
    ]
    facts += [RunFact(str(SETTING_WORDS[k]), str(v)) for k, v in run.settings.items()]
    if run.job and run.job.attempt > 1:
        facts.append(RunFact(_("Tries"), str(run.job.attempt)))
    return facts


def _results(metrics: dict[str, Any]) -> list[RunFact]:
    """Return the figures on the groups held out, and on the frozen test set where there is one."""
    frozen = metrics.get("frozen") or {}
    return [
        *_figures(_("Held out"), metrics),
        *_figures(_("Frozen test set"), frozen),
        *_figures(_("Serving version on the frozen test set"), frozen.get("serving") or {}),
    ]


def _figures(where: str, metrics: dict[str, Any]) -> list[RunFact]:
    accuracy, recall = metrics.get("accuracy"), metrics.get("macro_recall")
    if accuracy is None or recall is None:
        return []
    words = _("accuracy %(accuracy)s, mean recall %(recall)s") % {
        "accuracy": number_format(round(100 * accuracy, 1), 1) + " %",
        "recall": number_format(round(100 * recall, 1), 1) + " %",
    }
    count = f"n = {metrics['n']}" if metrics.get("n") else ""
    return [RunFact(where, f"{words} ({count})" if count else words)]
