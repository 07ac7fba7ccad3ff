"""Where a network looked, class by class: shown, a click away, on its way, or to be asked for.

There are two ways to ask: the network's own, by which its first heatmap came with the result,
and, where that is by gradient, occlusion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from jobcontract.names import Method, Work

METHODS = {
    Method.CAM.value: "CAM",
    Method.GRADCAM.value: "Grad-CAM",
    Method.OCCLUSION.value: gettext_lazy("Occlusion"),
}
OWN = ""  # the way by which the network is explained anyway
DELAY = 2  # seconds between two looks while a heatmap is drawn

Asked = tuple[str, str]
"""A class, and the way: `OWN` or `Method.OCCLUSION`."""


@dataclass(frozen=True)
class Way:
    """The heatmap of a class by one way: `source` is its picture where it is drawn already.

    `now` asks the page to show this heatmap at once: it is what the reader waited for.
    """

    method: str
    word: str
    see: str
    page_url: str
    source: str = ""
    caption: str = ""
    chip: Chip | None = None
    waiting: bool = False
    failed: bool = False
    now: bool = False


@dataclass(frozen=True)
class ScoreRow:
    bar: Bar
    label: str
    ways: list[Way]


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
    asked: Asked = ("", OWN),
    walk: Walk = WITHOUT,
) -> Scores:
    """Return the scores in their order; `asked` is what this reader waits for.

    Their addresses carry the reader's queue: without script they are pages.
    """
    drawn = heatmaps_drawn(prediction)
    jobs = explanation_jobs(prediction)
    begun = any(not JobState(job.state).is_final for job in jobs.values())
    paused = begun and queue_shown().paused
    rows = [
        ScoreRow(bar, bar.label, [
            _way(image, bar=bar, key=(bar.label, way), heatmap=drawn.get((bar.label, way)),
                 job=jobs.get((bar.label, way)), paused=paused, prediction=prediction,
                 asked=asked, walk=walk)
            for way in ways_of(prediction)
        ])
        for bar in bars(prediction)
    ]  # fmt: skip
    address = reverse("image_explain", args=[image.pk])
    ways = [(row.label, way) for row in rows for way in row.ways]
    mark = ".".join(f"{label}-{way.method}-{way.chip.word}" for label, way in ways if way.chip)
    waiting = [(label, way.method) for label, way in ways if way.waiting]
    asking = query_of(asked if asked in waiting else ("", OWN)) | {"mark": mark} | walk.query
    return Scores(
        rows=rows,
        ask_url=walk.carried(address) if image.site_id in site_ids(user) else "",
        poll_url=f"{address}?{urlencode(asking)}" if waiting else "",
        delay=DELAY,
        mark=mark,
    )


def _way(
    image: SmearImage,
    *,
    bar: Bar,
    key: Asked,
    heatmap: Heatmap | None,
    job: Job | None,
    paused: bool,
    prediction: Prediction,
    asked: Asked,
    walk: Walk,
) -> Way:
    named: dict[str, Any] = {
        "method": key[1],
        "page_url": f"{reverse('image', args=[image.pk])}?{urlencode(query_of(key) | walk.query)}",
        **_words(bar, method=key[1]),
    }
    if heatmap is not None:
        source = heatmap_url(image, prediction=prediction, key=key)
        caption = heatmap_caption(heatmap)
        return Way(**named, source=source, caption=caption, now=key == asked)
    begun = job is not None and job.state not in (JobState.SUCCEEDED, JobState.CANCELLED)
    return Way(
        **named,
        chip=job_chip(job, paused=paused) if begun else None,
        waiting=begun and job is not None and not JobState(job.state).is_final,
        failed=job is not None and job.state in RETRYABLE,
    )


def _words(bar: Bar, *, method: str) -> dict[str, str]:
    """Return what a heatmap that may be seen is called, and what it shows."""
    about = {"word": bar.word}
    if method == OWN:
        see = _("Where the model looked for %(word)s")
        return {"word": _("Heatmap for %(word)s") % about, "see": see % about}
    see = _("Occlusion for %(word)s: where covering the picture lowers its score")
    return {"word": _("Occlusion for %(word)s") % about, "see": see % about}


def query_of(key: Asked) -> dict[str, str]:
    """Return how an address names a heatmap."""
    label, way = key
    return {"label": label} | ({"method": way} if way else {})


def heatmap_url(image: SmearImage, *, prediction: Prediction, key: Asked) -> str:
    """Return the picture's address; what came with the result needs no name."""
    address = reverse("image_heatmap", args=[image.pk])
    known = key == (prediction.label, OWN)
    return address if known else f"{address}?{urlencode(query_of(key))}"


def heatmap_caption(heatmap: Heatmap) -> str:
    """Return what the picture explains, by which method on which layer, and what it is not."""
    words = {"class": class_words(heatmap.label).name, "method": _method_words(heatmap)}
    if not evidence_informs(heatmap_grid(heatmap)):
        said = _(
            "Not informative: the evidence for %(class)s (%(method)s) is spread or at the edge. "
            "It is not a cell detection and not a finding."
        )
        return said % words
    said = _(
        "Where the model looked for %(class)s (%(method)s). "
        "It is not a cell detection and not a finding."
    )
    return said % words


def _method_words(heatmap: Heatmap) -> str:
    """Return the method and, where it has one, the layer."""
    method = str(METHODS.get(heatmap.method, heatmap.method))
    if not heatmap.layer or heatmap.method == Method.OCCLUSION:
        return method
    return _("%(method)s, layer %(layer)s") % {"method": method, "layer": heatmap.layer}


def ways_of(prediction: Prediction) -> tuple[str, ...]:
    """Return the ways to ask: one where the network's own is occlusion already."""
    came = heatmaps_drawn(prediction).get((prediction.label, OWN))
    is_covered = came is not None and came.method == Method.OCCLUSION
    return (OWN,) if is_covered else (OWN, Method.OCCLUSION.value)


@asked_once
def heatmaps_drawn(prediction: Prediction) -> dict[Asked, Heatmap]:
    """Return the first heatmap of each class by each way."""
    found = list(Heatmap.objects.filter(prediction=prediction).order_by("pk"))
    own = found[0].method if found else ""

    def way(heatmap: Heatmap) -> str:
        return Method.OCCLUSION.value if heatmap.method == Method.OCCLUSION != own else OWN

    return {(heatmap.label, way(heatmap)): heatmap for heatmap in reversed(found)}


def explanation_jobs(prediction: Prediction) -> dict[Asked, Job]:
    """Return the newest work that was asked for each class of a prediction by each way."""
    ways = ways_of(prediction)
    found = Job.objects.filter(
        work=Work.EXPLAIN_PREDICTION,
        subject=prediction.image_id,
        payload__contains={"prediction": prediction.pk},
    )
    asked = ((str(job.payload.get("method", "")), job) for job in found.order_by("created_at"))
    return {
        (str(job.payload.get("label", "")), method if method in ways else OWN): job
        for method, job in asked
    }
