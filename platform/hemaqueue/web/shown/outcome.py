"""The part of an image's page that changes while somebody watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import job_position, jobs_latest
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reviews.first_reads import is_withheld
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.explaining import OWN, Asked, Scores, scores_shown
from hemaqueue.web.shown.failures import Failure, failure
from hemaqueue.web.shown.flags import Check, checks_of, codes_of
from hemaqueue.web.shown.numbers import in_line
from hemaqueue.web.shown.queue import QueueShown, queue_shown
from hemaqueue.web.shown.rows import image_chip
from hemaqueue.web.shown.suggestions import Result, result
from hemaqueue.web.shown.walking import WITHOUT, Walk
from jobcontract.names import Work

QUICK = timedelta(seconds=15)


@dataclass(frozen=True)
class Outcome:
    """The part that changes while somebody watches: state, failure, checks, suggestion.

    `queue` is None where nothing is left to do.
    """

    waiting: bool
    chip: Chip
    position: str
    stage: str
    queue: QueueShown | None
    status_url: str
    delay: int
    failure: Failure | None
    checks: list[Check]
    said: Result | None
    scores: Scores | None
    withheld: bool

    @property
    def mark(self) -> str:
        """What the page carries back while it polls: an answer that says the same is not sent."""
        paused = self.queue is not None and self.queue.paused
        return f"{self.chip.word}.{self.position}.{self.delay}.{paused}"


def outcome(image: SmearImage, *, user: User) -> Outcome:
    """Return what is known now."""
    job = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS).get(image.pk)
    said = prediction_of(image)
    return outcome_shown(
        image, user=user, job=job, prediction=said, withheld=is_withheld(image, reader=user)
    )


def outcome_shown(
    image: SmearImage,
    *,
    user: User,
    job: Job | None,
    prediction: Prediction | None,
    withheld: bool,
    asked: Asked = ("", OWN),
    walk: Walk = WITHOUT,
) -> Outcome:
    state = JobState(job.state) if job else JobState.QUEUED
    idle = image.held_at is not None or image.withdrawn_at is not None
    waiting = not state.is_final and prediction is None and not idle
    queue = None if state.is_final else queue_shown()
    paused = queue is not None and queue.paused
    failed = job if job and state in RETRYABLE and prediction is None else None
    prediction = None if withheld else prediction
    may_retry = may(user, act=Act.RETRY, site=image.site_id)
    back = reverse("image", args=[image.pk]) if may_retry else None
    return Outcome(
        waiting=waiting,
        chip=image_chip(image, job=job, paused=paused),
        position=in_line(job_position(job)) if job and waiting and not paused else "",
        stage=_stage(state, image=image),
        queue=queue,
        status_url=reverse("image_status", args=[image.pk]),
        delay=1 if timezone.now() - image.uploaded_at < QUICK else 2,
        failure=failure(failed, back=back) if failed else None,
        checks=checks_of(codes_of(image.quality_flags, prediction.flags if prediction else ())),
        said=result(prediction, job=job) if prediction else None,
        scores=scores_shown(image, user=user, prediction=prediction, asked=asked, walk=walk)
        if prediction
        else None,
        withheld=withheld,
    )


def _stage(state: JobState, *, image: SmearImage) -> str:
    if image.withdrawn_at:
        return _("It was taken back by who sent it.")
    if image.held_at:
        return _("It is stored, and nothing is done with it until its sender decides.")
    if state is JobState.RUNNING:
        return _("A worker is looking at it. The result appears here by itself.")
    if state is JobState.CANCELLED:
        return _("This work was cancelled.")
    return _("It is stored and waits for a worker. The result appears here by itself.")
