"""Looking for white cells: to be asked for, on its way, or what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import LIVE, RETRYABLE, JobState
from hemaqueue.pipeline.locating import locating_job
from hemaqueue.reviews.first_reads import is_withheld
from hemaqueue.reviews.models import CellOrigin, LocatedCell
from hemaqueue.specimens.models import ImageKind, SmearImage
from hemaqueue.web.shown.chips import Chip, job_chip
from hemaqueue.web.shown.queue import queue_shown

DELAY = 2  # seconds between two looks while it goes on


@dataclass(frozen=True)
class Locating:
    """`ask_url` is empty where nothing is to be asked for; `poll_url` where nothing goes on."""

    ask_url: str = ""
    poll_url: str = ""
    chip: Chip | None = None
    said: str = ""
    delay: int = DELAY


NOT_HERE = Locating()


def locating_shown(image: SmearImage, *, user: User) -> Locating:
    """Return what a reader who may draw is told, and may ask for."""
    if image.kind == ImageKind.CELL or is_withheld(image, reader=user):
        return NOT_HERE
    address = reverse("image_cells_find", args=[image.pk])
    job = locating_job(image.pk)
    if job is None or job.state == JobState.CANCELLED:
        return Locating(ask_url=address)
    if job.state in LIVE:
        return Locating(poll_url=address, chip=job_chip(job, paused=queue_shown().paused))
    if job.state in RETRYABLE:
        return Locating(ask_url=address, chip=job_chip(job), said=_failed(job))
    return Locating(said=_nothing(image))


def _failed(job: Job) -> str:
    said = _("Looking for white cells failed (%s). Draw them, or ask again.")
    return said % job.error_code


def _nothing(image: SmearImage) -> str:
    """Return that nothing was found, where that is so."""
    found = LocatedCell.objects.filter(image=image).exclude(origin=CellOrigin.DRAWN)
    return "" if found.exists() else _("No white cell was found. Draw those that you see.")
