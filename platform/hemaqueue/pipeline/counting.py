"""A batch in numbers: counted in the database each time, never kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import LIVE, RETRYABLE, JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.specimens.models import Batch, SmearImage
from jobcontract.names import Work

DUPLICATE = "duplicate"
MEASURED = timedelta(seconds=60)
LEAST_MEASURED = 5


@dataclass(frozen=True)
class BatchCounts:
    """What became of the files of a batch. `waiting` to `held` are its `images`, each once."""

    images: int
    done: int
    working: int
    waiting: int
    failed: int
    cancelled: int
    held: int
    withdrawn: int
    refused: int
    duplicates: int
    attention: int
    expected: int
    unpacking: bool
    newest: datetime | None

    @property
    def all(self) -> int:
        """Return how many files have arrived, whatever became of them."""
        return self.images + self.withdrawn + self.refused + self.duplicates

    @property
    def missing(self) -> int:
        """Return how many files were announced and did not arrive."""
        return max(0, self.expected - self.all)

    @property
    def running(self) -> bool:
        return bool(self.waiting or self.working or self.unpacking)


def batch_counts(batch: Batch) -> BatchCounts:
    """Count the files of a batch in four queries. The newest job of an image counts."""
    jobs = Job.objects.filter(subject=OuterRef("pk"), work=Work.CLASSIFY_SMEARS)
    newest = jobs.order_by("-created_at").values("state")[:1]
    here = Q(withdrawn_at=None)
    held = here & Q(held_at__isnull=False)
    every = SmearImage.objects.filter(batch=batch).annotate(state=Subquery(newest))
    found = every.aggregate(
        images=Count("pk", filter=here),
        working=Count("pk", filter=here & Q(state=JobState.RUNNING)),
        done=Count("pk", filter=here & Q(state=JobState.SUCCEEDED)),
        failed=Count("pk", filter=here & Q(state__in=tuple(RETRYABLE))),
        cancelled=Count("pk", filter=here & Q(state=JobState.CANCELLED)),
        held=Count("pk", filter=held),
        withdrawn=Count("pk", filter=~here),
    )
    arrived = SmearImage.objects.filter(batch=batch).aggregate(at=Max("uploaded_at"))["at"]
    refused = batch.refused.aggregate(
        refused=Count("pk", filter=~Q(code=DUPLICATE)),
        duplicates=Count("pk", filter=Q(code=DUPLICATE)),
        at=Max("at"),
    )
    times = [at for at in (arrived, refused.pop("at")) if at]
    ended = ("working", "done", "failed", "cancelled", "held")
    return BatchCounts(
        **found,
        **refused,
        waiting=found["images"] - sum(found[name] for name in ended),
        attention=_doubtful(batch),
        expected=batch.expected,
        unpacking=unpacking(batch) is not None,
        newest=max(times, default=None),
    )


def _doubtful(batch: Batch) -> int:
    said = Prediction.objects.filter(image__batch=batch, image__withdrawn_at=None)
    doubtful = said.filter(~Q(flags=[]) | ~Q(image__quality_flags=[]))
    return doubtful.values("image").distinct().count()


def unpacking(batch: Batch) -> Job | None:
    """Return the work that unpacks the batch's archive, while it waits or goes on."""
    jobs = Job.objects.filter(subject=batch.pk, work=Work.UNPACK_ARCHIVE)
    return jobs.filter(state__in=tuple(LIVE)).first()


def batches_unpacked_now() -> QuerySet[Job, dict[str, UUID]]:
    """Return the ids of the batches whose archives are being unpacked, as a subquery."""
    jobs = Job.objects.filter(work=Work.UNPACK_ARCHIVE, state__in=tuple(LIVE))
    return jobs.values("subject")


def batch_seconds_left(batch: Batch, *, waiting: int) -> int | None:
    """Return how long what waits will take at the pace of the last minute; None if unknown."""
    images = SmearImage.objects.filter(batch=batch).values("pk")
    done = Job.objects.filter(
        subject__in=images, work=Work.CLASSIFY_SMEARS, finished_at__gt=Now() - MEASURED
    )
    pace = done.aggregate(n=Count("pk"), first=Min("finished_at"), last=Max("finished_at"))
    if pace["n"] < LEAST_MEASURED:
        return None
    seconds = (pace["last"] - pace["first"]).total_seconds()
    return round(waiting * max(seconds, 0.1) / (pace["n"] - 1)) if waiting else None
