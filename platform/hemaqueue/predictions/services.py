"""Recording what models said: once, whole, in the transaction that ends the job."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from uuid import UUID

from hemaqueue.common.columns import columns_insert
from hemaqueue.jobs.models import Job
from hemaqueue.predictions.models import ClassScore, Heatmap, Prediction
from jobcontract.messages import Classification, Explanation
from jobcontract.names import Method


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
    said = [(prediction.pk, one) for prediction, (_, one) in zip(predictions, found, strict=True)]
    _scores_record(said)
    _grids_record([(prediction, one) for prediction, one in said if one.grid])
    return predictions


def _prediction(job: Job, said: Classification, *, image: UUID) -> Prediction:
    return Prediction(
        image_id=image,
        model_id=UUID(job.shared["version"]),
        job=job,
        point_id=job.shared.get("operating_point") or None,
        label=said.label,
        confidence=said.confidence,
        malignant=said.malignant,
        flags=list(said.flags),
        ood_score=said.ood_score,
        seconds=said.seconds,
    )


def _scores_record(said: Sequence[tuple[int, Classification]]) -> None:
    rows = [(pk, label, score) for pk, one in said for label, score in one.scores.items()]
    columns_insert(
        ClassScore,
        prediction_id=[pk for pk, _, _ in rows],
        label=[label for _, label, _ in rows],
        score=[score for *_, score in rows],
    )


def _grids_record(said: Sequence[tuple[int, Classification]]) -> None:
    columns_insert(
        Heatmap,
        prediction_id=[pk for pk, _ in said],
        label=[one.label for _, one in said],
        method=[one.method or Method.CAM.value for _, one in said],
        layer=[one.layer for _, one in said],
        rows=[one.grid_shape[0] for _, one in said],
        columns=[one.grid_shape[1] for _, one in said],
        grid=[base64.b64decode(one.grid) for _, one in said],
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
