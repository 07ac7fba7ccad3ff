"""The result page: one image, what was said of it, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may, sites_allowing
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import job_position, jobs_latest
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.explaining import (
    Scores,
    heatmap_caption,
    heatmap_url,
    heatmaps_drawn,
    scores_shown,
)
from hemaqueue.web.shown.failures import Failure, failure
from hemaqueue.web.shown.flags import Check, checks_of, codes_of
from hemaqueue.web.shown.neighbours import Step, StripItem, steps_from, strip
from hemaqueue.web.shown.numbers import in_line
from hemaqueue.web.shown.panel import Panel, panel
from hemaqueue.web.shown.queue import QueueShown, queue_shown
from hemaqueue.web.shown.rows import image_chip, specimen_line
from hemaqueue.web.shown.suggestions import Result, result
from hemaqueue.web.shown.timeline import Entry, image_timeline
from jobcontract.names import Work

QUICK = timedelta(seconds=15)


@dataclass(frozen=True)
class CaseLine:
    url: str
    accession: str
    line: str
    urgent: bool


@dataclass(frozen=True)
class Heat:
    """`shown` and `switch_url` serve who has no JavaScript."""

    url: str
    switch_url: str
    shown: bool
    caption: str


@dataclass(frozen=True)
class Outcome:
    """The part that changes while somebody watches: state, failure, checks, suggestion."""

    waiting: bool
    chip: Chip
    position: str
    stage: str
    queue: QueueShown
    status_url: str
    delay: int
    failure: Failure | None
    checks: list[Check]
    said: Result | None
    scores: Scores | None

    @property
    def mark(self) -> str:
        """What the page carries back while it polls: an answer that says the same is not sent."""
        return f"{self.chip.word}.{self.position}.{self.delay}.{self.queue.paused}"


@dataclass(frozen=True)
class ResultPage:
    image: SmearImage
    case: CaseLine
    alt: str
    picture_url: str
    full_url: str
    original_url: str
    heat: Heat | None
    strip: list[StripItem]
    steps: list[Step]
    place: str
    outcome: Outcome
    panel: Panel | None
    timeline: list[Entry]
    may_upload: bool


def outcome(image: SmearImage, *, user: User) -> Outcome:
    """Return what is known now."""
    job = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS).get(image.pk)
    return _outcome(image, user=user, job=job, prediction=prediction_of(image))


def _outcome(
    image: SmearImage,
    *,
    user: User,
    job: Job | None,
    prediction: Prediction | None,
    asked: str = "",
) -> Outcome:
    queue = queue_shown()
    state = JobState(job.state) if job else JobState.QUEUED
    idle = image.held_at is not None or image.withdrawn_at is not None
    waiting = not state.is_final and prediction is None and not idle
    failed = job if job and state in RETRYABLE and prediction is None else None
    may_retry = may(user, act=Act.RETRY, site=image.site_id)
    back = reverse("image", args=[image.pk]) if may_retry else None
    return Outcome(
        waiting=waiting,
        chip=image_chip(image, job=job, paused=queue.paused),
        position=in_line(job_position(job)) if job and waiting and not queue.paused else "",
        stage=_stage(state, image=image),
        queue=queue,
        status_url=reverse("image_status", args=[image.pk]),
        delay=1 if timezone.now() - image.uploaded_at < QUICK else 2,
        failure=failure(failed, back=back) if failed else None,
        checks=checks_of(codes_of(image, prediction)),
        said=result(prediction, job=job) if prediction else None,
        scores=scores_shown(
            image, user=user, prediction=prediction, asked=asked, paused=queue.paused
        )
        if prediction
        else None,
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


def result_page(
    image: SmearImage,
    *,
    user: User,
    heat_shown: bool = False,
    label: str = "",
    decision: Panel | None = None,
) -> ResultPage:
    """Return everything the page shows; `decision` replaces the panel after a refused one.

    `label` is the class whose heatmap was asked for; empty means the predicted one.
    """
    job = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS).get(image.pk)
    prediction = prediction_of(image)
    place, steps = steps_from(image, user=user)
    return ResultPage(
        image=image,
        case=_case_line(image),
        alt=_("Smear image of case %s") % image.case.accession,
        picture_url=reverse("image_picture", args=[image.pk]),
        full_url=reverse("image_full", args=[image.pk]),
        original_url=_original_url(image, user=user),
        heat=_heat(image, prediction, shown=heat_shown, label=label),
        strip=strip(image),
        steps=steps,
        place=place,
        outcome=_outcome(image, user=user, job=job, prediction=prediction, asked=label),
        panel=decision or panel(image, user=user, prediction=prediction),
        timeline=image_timeline(image, job=job, prediction=prediction, user=user),
        may_upload=sites_allowing(user, act=Act.UPLOAD).exists(),
    )


def _case_line(image: SmearImage) -> CaseLine:
    patient = _("patient %s") % image.case.patient if image.case.patient else ""
    return CaseLine(
        url=reverse("case", args=[image.case_id]),
        accession=image.case.accession,
        line=" · ".join(filter(None, (specimen_line(image), patient))),
        urgent=image.case.urgent,
    )


def _original_url(image: SmearImage, *, user: User) -> str:
    if not may(user, act=Act.DOWNLOAD_ORIGINAL, site=image.site_id):
        return ""
    return reverse("image_original", args=[image.pk])


def _heat(
    image: SmearImage, prediction: Prediction | None, *, shown: bool, label: str
) -> Heat | None:
    """Return the heatmap of `label`, at once shown, or that of the predicted class."""
    drawn = heatmaps_drawn(prediction) if prediction else {}
    heatmap = drawn.get(label) or (drawn.get(prediction.label) if prediction else None)
    if heatmap is None or prediction is None:
        return None
    page = reverse("image", args=[image.pk])
    shown = shown or heatmap.label == label
    return Heat(
        url=heatmap_url(image, prediction=prediction, label=heatmap.label),
        switch_url=page if shown else f"{page}?heatmap=1",
        shown=shown,
        caption=heatmap_caption(heatmap),
    )
