"""The main flow, one step after another, in the order it happens."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, UUIDField

from hemaqueue.accounts.identity import TooManyAttempts, WrongPassword, identity_confirm
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.models import Outcome as AuditOutcome
from hemaqueue.audit.services import audit_record
from hemaqueue.common.prepared import Among, Prepared
from hemaqueue.jobs.asking import job_cancel, job_retry
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import FINAL
from hemaqueue.pipeline.calling_off import parcel_stop
from hemaqueue.pipeline.enqueue import BULK, SINGLE, Finished, asked_of, enqueue
from hemaqueue.pipeline.judging import models_evaluated
from hemaqueue.pipeline.learning import datasets_imported, models_fine_tuned
from hemaqueue.pipeline.locating import cells_located
from hemaqueue.pipeline.papers import exports_built, report_ordered, reports_rendered
from hemaqueue.pipeline.proving import models_proved
from hemaqueue.pipeline.rescoring import smears_rescored
from hemaqueue.pipeline.shadowing import smears_tried
from hemaqueue.pipeline.versions import models_checked
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.services import heatmap_record, predictions_record
from hemaqueue.registry.selectors import model_asked, model_reference
from hemaqueue.registry.switching import is_suspended
from hemaqueue.reports.services import report_open
from hemaqueue.reviews.amending import reviews_reopen
from hemaqueue.reviews.services import reviews_open
from hemaqueue.reviews.signing import review_sign
from hemaqueue.reviews.sorting import reviews_place, reviews_resort
from hemaqueue.specimens.archives import archive_discard
from hemaqueue.specimens.batches import batch_reopen_with
from hemaqueue.specimens.models import Case, SmearImage
from jobcontract import messages, sealing
from jobcontract.names import Work

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hemaqueue.accounts.models import User
    from hemaqueue.reviews.models import Signature
    from jobcontract.messages import SealedFile

#: An urgent case goes before everything.
URGENT_CASE = 12


def smear_submitted(smear: SmearImage, *, file: SealedFile, by: User) -> Job:
    """An image is stored: have it classified by the model that serves its kind.

    A case that was signed without it is opened again; one that is being read goes to its lane.
    """
    reviews = reviews_reopen([smear.case])
    if is_suspended(smear.site_id):  # nobody waits for a result: people read it now
        reviews_open([smear.case])
    job = enqueue(
        Work.CLASSIFY_SMEARS,
        messages.ClassifySmear(image=file),
        subject=smear.pk,
        site=smear.site_id,
        by=by,
        model=model_asked(smear.kind),
        priority=_priority(smear),
    )
    reviews_place(reviews)
    return job


def _priority(smear: SmearImage) -> int:
    return (BULK if smear.batch_id else SINGLE) + (URGENT_CASE if smear.case.urgent else 0)


def smears_classified(finished: Finished) -> None:
    """The results of one parcel are here: record them."""
    predictions_record(
        [(job, messages.Classification.from_json(outcome.body)) for job, outcome in finished]
    )


def reviews_follow(jobs: Collection[UUID]) -> None:
    """Work on images has ended, with a result or without: people have to see their cases."""
    if cases := {image.case for image in _classified(jobs=list(jobs))}:
        reviews_open(cases)


def _images_of_ended() -> QuerySet[SmearImage]:
    ended = Job.objects.filter(
        Among("pk", "jobs", UUIDField()), work=Work.CLASSIFY_SMEARS, state__in=FINAL
    )
    return SmearImage.objects.filter(pk__in=ended.values("subject")).select_related("case")


_classified: Prepared[SmearImage] = Prepared(_images_of_ended)


def explanation_requested(
    prediction: Prediction, *, label: str, method: str, by: User, layer: str = ""
) -> Job:
    """Somebody wants to see another class, layer or method."""
    return enqueue(
        Work.EXPLAIN_PREDICTION,
        messages.ExplainPrediction(
            prediction=prediction.pk,
            image=sealing.shared_file(prediction.image.key),
            label=label,
            layer=layer,
            method=method,
        ),
        subject=prediction.image_id,
        site=prediction.image.site_id,
        by=by,
        model=model_reference(prediction.model),
        priority=SINGLE,
    )


def predictions_explained(finished: Finished) -> None:
    """An explanation is here: keep it beside the prediction."""
    for job, outcome in finished:
        prediction = Prediction.objects.get(pk=job.payload["prediction"])
        heatmap_record(prediction, said=messages.Explanation.from_json(outcome.body))


def case_signed(
    case: Case, *, by: User, password: str, meaning: str, stamp: str, request: HttpRequest
) -> Signature:
    """A clinician signs a case: after the commit, its final report is rendered.

    The password is asked first and outside of the transaction, so that a wrong one stays counted.

    Raises:
        NotAllowed, WrongPassword, TooManyAttempts: it is not for this person to sign.
        MeaningMissing, AlreadySigned, NotReady, StalePage: see `review_sign`.
    """
    require(by, act=Act.SIGN, site=case.site_id)
    try:
        proof = identity_confirm(by, password=password, request=request)
    except (WrongPassword, TooManyAttempts) as refusal:
        audit_record("case.sign", by=by, about=case, outcome=AuditOutcome.DENIED, code=refusal.code)
        raise
    with transaction.atomic():
        signature = review_sign(case, proof=proof, meaning=meaning, stamp=stamp)
        report_ordered(report_open(case, by=by), by=by)
    return signature


@transaction.atomic
def job_asked_again(job: Job, *, by: User, serving: bool = False) -> Job:
    """Somebody asks for another try of what failed: same record, next attempt.

    It is asked of the version of the first try; with `serving`, of the one that serves now.

    Raises:
        NotAllowed: the role of `by` at its site does not include it.
        NoModelServes: none serves this kind of image, and `serving` was asked for.
        JobNotRetryable, JobAskedAlready: see `job_retry`.
    """
    if job.site_id:
        require(by, act=Act.RETRY, site=job.site_id)
    otherwise = _of_serving(job) if serving and job.work == Work.CLASSIFY_SMEARS else {}
    version = otherwise.get("shared", job.shared).get("version", "")
    audit_record("job.retry", by=by, about=job, version=version)
    batch_reopen_with(job.subject)
    again = job_retry(job, by=by, otherwise=otherwise)
    _resort_subject(job)
    return again


@transaction.atomic
def job_called_off(job: Job, *, by: User) -> Job:
    """Somebody does not want this work any more."""
    if job.site_id:
        require(by, act=Act.RETRY, site=job.site_id)
    audit_record("job.cancel", by=by, about=job)
    cancelled = job_cancel(job, by=by)
    parcel_stop(cancelled)
    _resort_subject(job)
    return cancelled


def _of_serving(job: Job) -> dict[str, Any]:
    """Return what a job says once it is asked of the version that serves its image's kind now."""
    model = model_asked(SmearImage.objects.get(pk=job.subject).kind)
    return asked_of(model, work=job.work, subject=job.subject, payload=job.payload)


def _resort_subject(job: Job) -> None:
    """Put the case of a job's image into its lane; jobs of another kind change none."""
    if job.work == Work.CLASSIFY_SMEARS:
        reviews_resort(
            list(SmearImage.objects.filter(pk=job.subject).values_list("case", flat=True))
        )


def archives_unpacked(finished: Finished) -> None:
    """The pictures of an archive are images now: the archive itself is not needed any more."""
    for job, _ in finished:
        transaction.on_commit(partial(archive_discard, job.subject))


NEXT_STEP = {
    Work.CLASSIFY_SMEARS: smears_classified,
    Work.EXPLAIN_PREDICTION: predictions_explained,
    Work.LOCATE_CELLS: cells_located,
    Work.CHECK_MODEL: models_checked,
    Work.PROVE_MODEL: models_proved,
    Work.RESCORE_SMEARS: smears_rescored,
    Work.TRY_SMEARS: smears_tried,
    Work.RENDER_REPORT: reports_rendered,
    Work.BUILD_EXPORT: exports_built,
    Work.FINE_TUNE_MODEL: models_fine_tuned,
    Work.EVALUATE_MODEL: models_evaluated,
    Work.UNPACK_ARCHIVE: archives_unpacked,
    Work.IMPORT_DATASET: datasets_imported,
}


def after_success(finished: Finished) -> None:
    """Take the step that follows, for all the jobs of one parcel, in their transaction."""

    def work(pair: Any) -> str:
        return str(pair[0].work)

    for name, pairs in groupby(sorted(finished, key=work), key=work):
        NEXT_STEP[Work(name)](list(pairs))
