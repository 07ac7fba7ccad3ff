"""Results that came in in a week, without files: what weeks are counted from."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from hemaqueue.evaluations.drifting import WEEK, monday
from hemaqueue.evaluations.models import LiveWeek
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.models import Activation, ModelVersion
from hemaqueue.reviews.models import ConfirmedLabel, Origin
from hemaqueue.specimens.models import SmearImage
from jobcontract.names import Queue, Work
from tests import factories

USUAL = {"benign": 40, "early_pre_b": 30, "pre_b": 20, "pro_b": 10}
WORDS = ("uncertain", "strange", "poor")


def week(back: int) -> date:
    """Return the Monday of the week that began `back` weeks before this one."""
    return monday(timezone.localdate()) - back * WEEK


def noon(begins: date, *, day: int = 2) -> datetime:
    return timezone.make_aware(datetime.combine(begins + timedelta(days=day), time(12)))


def serves_since(
    version: ModelVersion, at: datetime, *, former: ModelVersion | None = None
) -> None:
    """Let a version have begun to serve at a time of the past, in a log that is only added to."""
    with patch.object(timezone, "now", return_value=at):
        Activation.objects.create(model=version, former=former, reason="To see")


def came_in(
    version: ModelVersion, named: dict[str, int], *, at: datetime, sure: float = 0.9, **more: Any
) -> list[Prediction]:
    """Return results that came at `at`; `uncertain`, `strange` and `poor` say of how many."""
    pattern = factories.image()
    labels = [label for label, count in named.items() for _ in range(count)]
    images = SmearImage.objects.bulk_create(_images(pattern, len(labels), poor=more.get("poor", 0)))
    jobs = Job.objects.bulk_create(_job(image) for image in images)
    rows = zip(images, jobs, labels, _flags(len(labels), **more), strict=True)
    return Prediction.objects.bulk_create(
        Prediction(
            image=image, job=job, model=version, label=label, flags=flags, created_at=at,
            confidence=sure + (0.05 if place % 2 else -0.05), malignant=0.5,
        )
        for place, (image, job, label, flags) in enumerate(rows)
    )  # fmt: skip


def _images(pattern: SmearImage, count: int, *, poor: int) -> Iterator[SmearImage]:
    names = [
        field.attname for field in SmearImage._meta.concrete_fields
        if field.name not in ("id", "key", "sha256", "quality_flags")
    ]  # fmt: skip
    same = {name: getattr(pattern, name) for name in names}
    for place in range(count):
        pk = uuid.uuid4()
        flags = ["blurred"] if place < poor else []
        digest = hashlib.sha256(pk.bytes).hexdigest()
        yield SmearImage(pk=pk, key=f"none/{pk.hex}", sha256=digest, quality_flags=flags, **same)


def _job(image: SmearImage) -> Job:
    return Job(
        work=Work.CLASSIFY_SMEARS, queue=Queue.INFERENCE, subject=image.pk, site=image.site,
        payload={}, dedupe_key=f"test:{image.pk}", state=JobState.SUCCEEDED, attempt=1,
        finished_at=timezone.now(),
    )  # fmt: skip


def _flags(count: int, *, uncertain: int = 0, strange: int = 0, **_: Any) -> Iterator[list[str]]:
    for place in range(count):
        said = {"uncertain": place < uncertain, "out_of_distribution": place < strange}
        yield [flag for flag, here in said.items() if here]


def labelled(results: list[Prediction], *, agreed: int, at: datetime, **more: Any) -> None:
    """Let a reader name every image, `agreed` of them as the version did."""
    reader = factories.clara()
    ConfirmedLabel.objects.bulk_create(
        ConfirmedLabel(
            **{
                "image": said.image, "reader": reader, "origin": Origin.CONFIRMED, "at": at,
                "label": said.label if place < agreed else "another", "model": said.model,
                "predicted_label": said.label, **more,
            }
        )
        for place, said in enumerate(results)
    )  # fmt: skip


def counted(version: ModelVersion, back: int, **more: Any) -> LiveWeek:
    """Return a week that is counted already: 200 images as they usually come."""
    values: dict[str, Any] = {
        "images": 200, "named": {code: 2 * n for code, n in USUAL.items()}, "confidence": 0.9,
        "spread": 0.1, "uncertain": 10, "strange": 4, "poor": 10, "read": 200, "agreed": 190,
    } | more  # fmt: skip
    weighs = {"weight": "read", "weight_agreed": "agreed", "squares": "read"}  # all of them read
    made: LiveWeek = LiveWeek.objects.create(
        model=version, begins=week(back), **({n: values[of] for n, of in weighs.items()} | values)
    )
    return made
