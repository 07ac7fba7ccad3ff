"""Whether a version may be judged on the frozen test set now, and how a judging stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest, queue_truth
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.frozen_test import frozen_images
from jobcontract.names import Queue, Work


@dataclass(frozen=True)
class JudgingShown:
    may_ask: bool
    line: str


def judging_shown(version: ModelVersion) -> JudgingShown:
    kept = frozen_images(version.image_kind).count()
    job = jobs_latest([version.pk], work=Work.EVALUATE_MODEL).get(version.pk)
    if job and not job.finished_at:
        return JudgingShown(False, _live(job))
    if not kept:
        return JudgingShown(False, _("Nothing is kept for judging of this kind of image yet."))
    if job and job.state in RETRYABLE:
        words = _("The last judging failed: %(fault)s")
        return JudgingShown(True, words % {"fault": fault_told(job) or job.error_code})
    said = ngettext(
        "%(n)d image is kept for judging; the version that serves is judged beside it.",
        "%(n)d images are kept for judging; the version that serves is judged beside it.",
        kept,
    )
    return JudgingShown(True, said % {"n": kept})


def _live(job: Job) -> str:
    if queue_truth(Queue.TRAINING).is_paused:
        return _("It waits to be judged: no training worker has been heard lately.")
    if job.state == JobState.RUNNING:
        return _("It is being judged now. That takes minutes.")
    return _("It waits to be judged.")
