"""What technicians do with what they sent: send a held one anyway, take one back, try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict
from hemaqueue.jobs.asking import job_cancel
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import LIVE, RETRYABLE
from hemaqueue.pipeline import steps
from hemaqueue.pipeline.intake import smear_accept
from hemaqueue.reviews.amending import review_reopen_without
from hemaqueue.reviews.models import Decision, Return, Review
from hemaqueue.reviews.returning import return_replace
from hemaqueue.reviews.sorting import reviews_resort
from hemaqueue.specimens.batches import batch_reopen
from hemaqueue.specimens.choosing import image_release, image_withdraw
from hemaqueue.specimens.models import Batch, SmearImage
from hemaqueue.specimens.services import CaseContext
from jobcontract import sealing
from jobcontract.names import Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from hemaqueue.accounts.models import User


class AlreadyRead(Conflict):
    """A clinician has read this image. It can only be sent back to you, not be taken back."""

    code = "already_read"


@transaction.atomic
def smear_released(smear: SmearImage, *, by: User) -> Job | None:
    """Its sender wants a held image to be worked on as it is. None where that was done before."""
    if not image_release(smear, by=by):
        return None
    if smear.batch:
        batch_reopen(smear.batch)
    return steps.smear_submitted(smear, file=sealing.shared_file(smear.key), by=by)


@transaction.atomic
def smear_withdrawn(smear: SmearImage, *, by: User) -> None:
    """Its sender takes an image back, as long as nobody has read it.

    Raises:
        NotTheSender: somebody else sent it.
        AlreadyRead: a clinician has decided about it, or is reading the case.
    """
    if smear.withdrawn_at is None and smear_is_read(smear):
        raise AlreadyRead
    image_withdraw(smear, by=by)
    for job in Job.objects.filter(subject=smear.pk, state__in=tuple(LIVE)):
        job_cancel(job, by=by)
    if smear.withdrawn_at is None:
        review_reopen_without(smear, by=by)
    reviews_resort([smear.case_id])


def smear_is_read(smear: SmearImage) -> bool:
    """Say whether a clinician has it in hand; what was sent back to the bench is in ours."""
    if Return.objects.filter(image=smear, settled_at=None).exists():
        return False
    claimed = Review.objects.filter(case=smear.case_id, claimed_until__gt=Now())
    return claimed.exists() or Decision.objects.filter(image=smear).exists()


def smears_held(batch: Batch, *, by: User) -> QuerySet[SmearImage]:
    """Return the images of a batch that wait for the choice of `by`, who sent them."""
    sent = SmearImage.objects.filter(batch=batch, uploaded_by=by, withdrawn_at=None)
    held = sent.filter(held_at__isnull=False)
    return held.select_related("case", "batch", "site").order_by("uploaded_at", "id")


def smears_released(smears: Iterable[SmearImage], *, by: User) -> int:
    """Send several held images on, each in a transaction of its own; return how many."""
    return sum(smear_released(smear, by=by) is not None for smear in smears)


def smears_withdrawn(smears: Iterable[SmearImage], *, by: User) -> int:
    """Take several images back; return how many. One that was read meanwhile stays."""
    taken = 0
    for smear in smears:
        try:
            smear_withdrawn(smear, by=by)
            taken += 1
        except AlreadyRead:
            continue
    return taken


def batch_jobs_failed(batch: Batch, *, code: str = "") -> QuerySet[Job]:
    """Return what failed in a batch and may be tried again, perhaps only for one cause."""
    images = SmearImage.objects.filter(batch=batch, withdrawn_at=None)
    subjects = [*images.values_list("pk", flat=True), batch.pk]
    works = (Work.CLASSIFY_SMEARS, Work.UNPACK_ARCHIVE)
    found = Job.objects.filter(work__in=works, subject__in=subjects, state__in=tuple(RETRYABLE))
    return (found.filter(error_code=code) if code else found).order_by("created_at")


def batch_tried_again(batch: Batch, *, by: User, code: str = "", serving: bool = False) -> int:
    """Try what failed in a batch again, each in its own record; return how many.

    Each is asked of the version of its first try; with `serving`, of the one that serves now.
    """
    failed = list(batch_jobs_failed(batch, code=code))
    audit_record("batch.retry", by=by, about=batch, jobs=len(failed))
    for job in failed:
        steps.job_asked_again(job, by=by, serving=serving)
    batch_reopen(batch)
    return len(failed)


def smear_replaced(returned: Return, *, data: bytes, name: str, by: User) -> SmearImage:
    """The bench answers a reader with a better picture of the same slide.

    The picture is accepted first: where this ends in the middle, it is there, and doing it again
    finds it.

    Raises:
        NotAllowed, ImageRefused, StorageFull, FileTooLarge: see `smear_accept`.
        NoReplacement, NotAtBench: see `return_replace`.
    """
    old = returned.image
    context = CaseContext(
        site=old.site,
        accession=old.case.accession,
        specimen=old.slide.specimen.type,
        stain=old.slide.stain,
        kind=old.kind,
    )
    found = smear_accept(data, name=name, context=context, by=by).image
    return_replace(returned, replacement=found, by=by)
    return found
