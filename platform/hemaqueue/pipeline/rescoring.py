"""Scoring old images again, as an administrator wants it. Steps like in steps.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.evaluations.models import RescoredImage
from hemaqueue.evaluations.rescoring import (
    Chosen,
    rescore_cancel,
    rescore_open,
    rescore_still_wanted,
)
from hemaqueue.jobs.asking import job_cancel
from hemaqueue.pipeline.calling_off import parcel_stop
from hemaqueue.pipeline.enqueue import Finished
from hemaqueue.predictions.services import predictions_record
from hemaqueue.reviews.sorting import reviews_resort
from jobcontract import messages

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.evaluations.models import Rescore
    from hemaqueue.registry.models import ModelVersion


def rescore_requested(version: ModelVersion, *, chosen: Chosen, reason: str, by: User) -> Rescore:
    """An administrator wants old images scored by the version that serves.

    Raises:
        Missing: `by` does not run the installation.
        RescoreUnexplained, NotServing, RescoreGoesOn, NothingToRescore, TooManyImages:
            see `rescore_open`.
    """
    require_installation(by)
    return rescore_open(version, chosen=chosen, reason=reason, by=by)


@transaction.atomic
def rescore_ended(rescore: Rescore, *, by: User) -> None:
    """An administrator wants no more of it. Results so far stay. Raises Missing, RescoreEnded."""
    require_installation(by)
    for row in rescore_cancel(rescore, by=by):
        if row.job:
            parcel_stop(job_cancel(row.job, by=by))


def smears_rescored(finished: Finished) -> None:
    """What the version says of old images is here: a further result; open cases are sorted anew.

    Where the order was called off, or another result came meanwhile, this one is dropped.
    """
    told = {job.subject: (job, outcome) for job, outcome in finished}
    known = RescoredImage.objects.filter(pk__in=told, rescore__cancelled_at=None).order_by("pk")
    rows = known.select_related("image").select_for_update(of=("self",))
    wanted = rescore_still_wanted(rows)
    said = [
        (told[row.pk][0], messages.Classification.from_json(told[row.pk][1].body)) for row in wanted
    ]
    found = predictions_record(said, images={row.pk: row.image_id for row in wanted})
    for row, prediction in zip(wanted, found, strict=True):
        row.after = prediction
    RescoredImage.objects.bulk_update(wanted, ["after"])
    reviews_resort({row.image.case_id for row in wanted})
