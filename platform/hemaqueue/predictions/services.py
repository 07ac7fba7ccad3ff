"""Recording what models said: once, whole, in the transaction that ends the job."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from uuid import UUID

from hemaqueue.jobs.models import Job
from hemaqueue.predictions.models import ClassScore, Heatmap, Prediction
from jobcontract.messages import Classification, Explanation


def predictions_record(
    found: Sequence[tuple[Job, Classification]], *, images: Mapping[UUID, UUID] | None = None
) -> list[Prediction]:
    """Record the results of one parcel with their scores and heatmaps: three inserts.

    `images` says which image a job's subject stands for, where it is not the image itself.
    """
    known = images or {}
    predictions = Prediction.objects.bulk_create(
        _prediction(job, said, image=known.get(job.subject, job.subject)) for job, said in found
    )
    ClassScore.objects.bulk_create(
        ClassScore(prediction=prediction, label=label, score=score)
        for prediction, (_, said) in zip(predictions, found, strict=True)
        for label, score in said.scores.items()
    )
    Heatmap.objects.bulk_create(
        _heatmap(prediction, said)
        for prediction, (_, said) in zip(predictions, found, strict=True)
        if said.grid
    )
    return predictions


def _prediction(job: Job, said: Classification, *, image: UUID) -> Prediction:
    return Prediction(
        image_id=image,
        model_id=UUID(job.shared["version"]),
        job=job,
        label=said.label,
        confidence=said.confidence,
        malignant=said.malignant,
        flags=list(said.flags),
        ood_score=said.ood_score,
        seconds=said.seconds,
    )


def _heatmap(prediction: Prediction, said: Classification) -> Heatmap:
    rows, columns = said.grid_shape
    return Heatmap(
        prediction=prediction,
        label=said.label,
        method="cam",
        layer=said.layer,
        rows=rows,
        columns=columns,
        grid=base64.b64decode(said.grid),
    )


def heatmap_record(prediction: Prediction, *, said: Explanation) -> Heatmap:
    """Record an explanation that was asked for; the same question has one answer."""
    rows, columns = said.grid_shape
    heatmap, _ = Heatmap.objects.get_or_create(
        prediction=prediction,
        label=said.label,
        method=said.method,
        layer=said.layer,
        defaults={"rows": rows, "columns": columns, "grid": base64.b64decode(said.grid)},
    )
    return heatmap
