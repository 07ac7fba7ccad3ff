"""What a filter means to the rows: each condition as the database reads it quickly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import band_limits
from hemaqueue.reviews.models import Decision, Return
from hemaqueue.reviews.states import SIGNED
from hemaqueue.specimens.models import SmearImage
from jobcontract.names import Work

LIVE = (JobState.QUEUED, JobState.SENT, JobState.RUNNING)


def narrowed(images: QuerySet[SmearImage], asked: Mapping[str, Any]) -> QuerySet[SmearImage]:
    """Return the images that are all of what is asked; what is empty asks nothing."""
    plain = {
        "case__accession__istartswith": asked["q"].strip(),
        "site": asked.get("site"),
        "uploaded_at__gte": asked["since"] and _begin(asked["since"]),
        "uploaded_at__lt": asked["until"] and _begin(asked["until"] + timedelta(days=1)),
    }
    images = images.filter(**{path: value for path, value in plain.items() if value})
    if said := _said_as(asked):
        images = images.filter(Exists(_said().filter(**said)))
    if flag := asked["flag"]:
        flagged = Exists(_said().filter(flags__contains=[flag]))
        images = images.filter(flagged | Q(quality_flags__contains=[flag]))
    if asked["reader"]:
        read = Decision.objects.filter(image=OuterRef("pk"), reader=asked["reader"])
        images = images.filter(Exists(read))
    return images.filter(_status(asked["status"])) if asked["status"] else images


def _begin(day: date) -> datetime:
    """Return when `day` begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _said_as(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what one and the same prediction must be: its class, its confidence, its model."""
    conditions = {"label": asked["label"], "model": asked["model"]}
    if asked["band"]:
        low, high = band_limits(asked["band"])
        conditions |= {"confidence__gte": low, "confidence__lt": high}
    return {path: value for path, value in conditions.items() if value not in ("", None)}


def _said() -> QuerySet[Prediction]:
    found: QuerySet[Prediction] = Prediction.objects.filter(image=OuterRef("pk"))
    return found


def _status(status: str) -> Q:
    jobs = Job.objects.filter(subject=OuterRef("pk"), work=Work.CLASSIFY_SMEARS)
    decided = Exists(Decision.objects.filter(image=OuterRef("pk")))
    returned = Return.objects.filter(image=OuterRef("pk"), settled_at=None)
    return {
        "waiting": Q(Exists(jobs.filter(state__in=LIVE))),
        "done": Q(Exists(_said())),
        "failed": Q(Exists(jobs.filter(state__in=RETRYABLE))),
        "returned": Q(Exists(returned)),
        "unread": Q(Exists(_said())) & ~Q(decided),
        "read": Q(decided),
        "signed": Q(case__review__state__in=SIGNED),
    }[status]
