"""Where a network looked, class by class: shown, a click away, on its way, or to be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.common.asking import asked_once
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.classes import class_words
from hemaqueue.predictions.evidence import evidence_informs
from hemaqueue.predictions.models import Heatmap, Prediction
from hemaqueue.predictions.selectors import heatmap_grid
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.chips import Chip, job_chip
from hemaqueue.web.shown.queue import queue_shown
from hemaqueue.web.shown.suggestions import Bar, bars
from hemaqueue.web.shown.walking import WITHOUT, Walk
from jobcontract.names import Work

METHODS = {"cam": "CAM", "gradcam": "Grad-CAM"}
DELAY = 2  # seconds between two looks while a heatmap is drawn


@dataclass(frozen=True)
class ScoreRow:
    """A class's score and its heatmap: `source` is its picture where it is drawn already.

    `now` asks the page to show this heatmap at once: it is what the reader waited for.
    """

    bar: Bar
    label: str
    page_url: str
    source: str = ""
    caption: str = ""
    chip: Chip | None = None
    waiting: bool = False
    failed: bool = False
    now: bool = False


@dataclass(frozen=True)
class Scores:
    """`ask_url` is empty for who may not ask; `poll_url` while nothing is being drawn."""

    rows: list[ScoreRow]
    ask_url: str
    poll_url: str
    delay: int
    mark: str


def scores_shown(
    image: SmearImage,
    *,
    user: User,
    prediction: Prediction,
    asked: str = "",
    walk: Walk = WITHOUT,
) -> Scores:
    """Return the scores in their order; `asked` is the class that this reader waits for.

    Their addresses carry the reader's queue: without script they are pages.
    """
    drawn = heatmaps_drawn(prediction)
    jobs = explanation_jobs(prediction)
    begun = any(not JobState(job.state).is_final for job in jobs.values())
    paused = begun and queue_shown().paused
    rows = [
        _row(image, bar=bar, heatmap=drawn.get(bar.label), job=jobs.get(bar.label), paused=paused,
             prediction=prediction, asked=asked, walk=walk)
        for bar in bars(prediction)
    ]  # fmt: skip
    address = reverse("image_explain", args=[image.pk])
    mark = ".".join(f"{row.label}-{row.chip.word}" for row in rows if row.chip)
    still = asked if any(row.waiting and row.label == asked for row in rows) else ""
    waiting = any(row.waiting for row in rows)
    asking = {"label": still, "mark": mark} | walk.query
    return Scores(
        rows=rows,
        ask_url=walk.carried(address) if image.site_id in site_ids(user) else "",
        poll_url=f"{address}?{urlencode(asking)}" if waiting else "",
        delay=DELAY,
        mark=mark,
    )


def _row(
    image: SmearImage,
    *,
    bar: Bar,
    heatmap: Heatmap | None,
    job: Job | None,
    paused: bool,
    prediction: Prediction,
    asked: str,
    walk: Walk,
) -> ScoreRow:
    page = f"{reverse('image', args=[image.pk])}?{urlencode({'label': bar.label} | walk.query)}"
    if heatmap is not None:
        return ScoreRow(
            bar=bar,
            label=bar.label,
            page_url=page,
            source=heatmap_url(image, prediction=prediction, label=bar.label),
            caption=heatmap_caption(heatmap),
            now=bar.label == asked,
        )
    begun = job is not None and job.state not in (JobState.SUCCEEDED, JobState.CANCELLED)
    return ScoreRow(
        bar=bar,
        label=bar.label,
        page_url=page,
        chip=job_chip(job, paused=paused) if begun else None,
        waiting=begun and job is not None and not JobState(job.state).is_final,
        failed=job is not None and job.state in RETRYABLE,
    )


def heatmap_url(image: SmearImage, *, prediction: Prediction, label: str) -> str:
    """Return the picture's address; the predicted class needs no name."""
    address = reverse("image_heatmap", args=[image.pk])
    return address if label == prediction.label else f"{address}?{urlencode({'label': label})}"


def heatmap_caption(heatmap: Heatmap) -> str:
    """Return which class and which method the picture explains, and what it is not."""
    words = {
        "class": class_words(heatmap.label).name,
        "method": METHODS.get(heatmap.method, heatmap.method),
    }
    if not evidence_informs(heatmap_grid(heatmap)):
        said = _(
            "Not informative: the evidence for %(class)s (%(method)s) is spread or at the edge. "
            "It is not a cell detection."
        )
        return said % words
    said = _("Where the model looked for %(class)s (%(method)s). It is not a cell detection.")
    return said % words


@asked_once
def heatmaps_drawn(prediction: Prediction) -> dict[str, Heatmap]:
    """Return the first heatmap of each class."""
    found = Heatmap.objects.filter(prediction=prediction).order_by("-pk")
    return {heatmap.label: heatmap for heatmap in found}


def explanation_jobs(prediction: Prediction) -> dict[str, Job]:
    """Return the newest work that was asked for each class of a prediction."""
    found = Job.objects.filter(
        work=Work.EXPLAIN_PREDICTION,
        subject=prediction.image_id,
        payload__contains={"prediction": prediction.pk},
    )
    return {str(job.payload.get("label", "")): job for job in found.order_by("created_at")}
