"""An image in the words of the interface: facts, state, result, decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import (
    DecisionAnswer,
    ImageAnswer,
    ImageRow,
    PredictionAnswer,
    QualityAnswer,
)
from hemaqueue.api.shown.jobs import error_answer, job_answer
from hemaqueue.api.shown.links import link
from hemaqueue.api.shown.models import model_answer, thresholds_answer
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest, queue_truth
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.calibration import scores_uncalibrated
from hemaqueue.predictions.classes import class_words
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import (
    confidence_word,
    heatmap_of,
    prediction_of,
    predictions_latest,
)
from hemaqueue.registry.points import thresholds_under
from hemaqueue.reviews.first_reads import images_withheld, is_withheld
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.reading import readings_shown, words_shown
from hemaqueue.reviews.selectors import Word, review_stamp
from hemaqueue.specimens.models import SmearImage
from jobcontract.names import Work

WAITING, PAUSED = "waiting", "paused"
INTENDED_USE = (
    "Decision support for trained staff. It describes one picture, not a patient; "
    "a haematologist confirms every result."
)


def image_answer(image: SmearImage, *, reader: User) -> ImageAnswer:
    job = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS).get(image.pk)
    prediction = prediction_of(image)
    withheld = is_withheld(image, reader=reader)
    state = state_of(image, job=job, prediction=prediction)
    if state == WAITING and queue_truth().is_paused:
        state = PAUSED
    return ImageAnswer(
        id=image.pk,
        url=link("image", image.pk),
        state=state,
        accession=image.case.accession,
        patient=image.case.patient,
        urgent=image.case.urgent,
        case_id=image.case_id,
        case_url=link("case", image.case_id),
        batch_id=image.batch_id,
        site=image.site.slug,
        specimen_type=image.slide.specimen.type,
        stain=image.slide.stain,
        image_kind=image.kind,
        filename=image.filename,
        format=image.format,
        bytes=image.bytes,
        width=image.width,
        height=image.height,
        microns_per_pixel=image.microns_per_pixel,
        sha256=image.sha256,
        quality=QualityAnswer(image.focus, image.exposure, list(image.quality_flags)),
        uploaded_by=image.uploaded_by.printed_name,
        uploaded_at=image.uploaded_at,
        withdrawn_at=image.withdrawn_at,
        picture=link("image_picture", image.pk),
        thumbnail=link("image_thumbnail", image.pk),
        job=job_answer(job) if job else None,
        error=error_answer(job) if state == "failed" else None,
        prediction=prediction_answer(prediction) if prediction and not withheld else None,
        withheld=withheld,
        decisions=[decision_answer(one) for one in readings_shown(image, reader=reader)],
        stamp=review_stamp(image),
    )


def state_of(image: SmearImage, *, job: Job | None, prediction: Prediction | None) -> str:
    """Return what people see of an image's work. There is no second machine of states."""
    if image.withdrawn_at:
        return "withdrawn"
    if prediction:
        return "done"
    if image.held_at:
        return "held"
    if job is None or job.state in (JobState.QUEUED, JobState.SENT):
        return WAITING
    if job.state in RETRYABLE:
        return "failed"
    return {JobState.RUNNING: "working", JobState.SUCCEEDED: "done"}.get(
        JobState(job.state), "cancelled"
    )


def prediction_answer(prediction: Prediction) -> PredictionAnswer:
    heatmap = heatmap_of(prediction)
    thresholds = thresholds_under(prediction.model, point=prediction.point)
    scores = {one.label: one.score for one in prediction.class_scores.all()}
    temperature = prediction.model.facts.get("temperature")
    return PredictionAnswer(
        label=prediction.label,
        name=str(class_words(prediction.label).name),
        scores=scores,
        scores_uncalibrated=scores_uncalibrated(scores, temperature=temperature),
        confidence=prediction.confidence,
        band=confidence_word(prediction.confidence),
        malignant=prediction.malignant,
        flags=list(prediction.flags),
        thresholds=thresholds_answer(thresholds),
        ood_score=prediction.ood_score,
        heatmap=link("image_heatmap", prediction.image_id) if heatmap else None,
        model_version=model_answer(prediction.model),
        seconds=prediction.seconds,
        predicted_at=prediction.created_at,
        intended_use=INTENDED_USE,
    )


def predictions_answer(image: SmearImage) -> list[PredictionAnswer]:
    """Return all that was said of an image, the newest first; the heatmap is that one's."""
    found = Prediction.objects.filter(image=image).select_related("model", "point")
    said = [prediction_answer(one) for one in found.prefetch_related("class_scores")]
    return said[:1] + [replace(one, heatmap=None) for one in said[1:]]


def decision_answer(decision: Decision) -> DecisionAnswer:
    return DecisionAnswer(
        reader=decision.reader.printed_name,
        choice=decision.choice,
        label=decision.label,
        reason=decision.reason,
        note=decision.note,
        version=decision.version,
        at=decision.at,
    )


def image_rows(images: Iterable[SmearImage], *, reader: User) -> list[ImageRow]:
    """Return the rows of a page: one query each for work, results, decisions and the queue.

    What is withheld until `reader` has read an image themselves is not in its row.
    """
    page = list(images)
    ids = [image.pk for image in page]
    jobs = jobs_latest(ids, work=Work.CLASSIFY_SMEARS)
    said, decided = predictions_latest(ids), words_shown(ids, reader=reader)
    hidden = images_withheld(ids, reader=reader)
    rows = [
        image_row(
            one,
            job=jobs.get(one.pk),
            said=said.get(one.pk),
            read=decided.get(one.pk),
            withheld=one.pk in hidden,
        )
        for one in page
    ]
    return paused(rows) if any(row.state == WAITING for row in rows) else rows


def paused(rows: list[ImageRow]) -> list[ImageRow]:
    """Return the rows as they are; while no worker is heard, what waits is paused."""
    if not queue_truth().is_paused:
        return rows
    return [replace(row, state=PAUSED) if row.state == WAITING else row for row in rows]


def image_row(
    image: SmearImage,
    *,
    job: Job | None,
    said: Prediction | None,
    read: Word | None,
    withheld: bool,
) -> ImageRow:
    state = state_of(image, job=job, prediction=said)
    said = None if withheld else said
    return ImageRow(
        id=image.pk,
        url=link("image", image.pk),
        state=state,
        accession=image.case.accession,
        case_id=image.case_id,
        batch_id=image.batch_id,
        site=image.site.slug,
        specimen_type=image.slide.specimen.type,
        stain=image.slide.stain,
        image_kind=image.kind,
        uploaded_at=image.uploaded_at,
        thumbnail=link("image_thumbnail", image.pk),
        label=said.label if said else None,
        confidence=said.confidence if said else None,
        malignant=said.malignant if said else None,
        flags=sorted({*image.quality_flags, *(said.flags if said else ())}),
        model_version=said.model.name if said else None,
        decided=(read.label or read.choice) if read else None,
        error=error_answer(job) if state == "failed" else None,
    )
