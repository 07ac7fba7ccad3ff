"""Whether a signature still holds: hash again what was signed, and what the records say now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.changes import Change, record_changes
from hemaqueue.reviews.models import Signature
from hemaqueue.reviews.record import Record, case_record, record_text, text_sha256
from hemaqueue.reviews.selectors import review_revision, signature_standing


@dataclass(frozen=True)
class Checked:
    """`holds` is None where the records may rightly differ: the case was opened again since.

    `intact` says that the stored text still has the printed hash.
    """

    intact: bool
    holds: bool | None
    changes: list[Change]


def signed_record(signature: Signature) -> Record:
    """Return what was signed, as it was."""
    record: Record = json.loads(signature.content)
    return record


def signature_check(signature: Signature) -> Checked:
    """Compare a signature with its own text, and with the records it stands for."""
    intact = text_sha256(signature.content) == signature.content_sha256
    case = signature.review.case
    if signature_standing(case) != signature or review_revision(case) != signature.revision:
        return Checked(intact, None, [])
    before = signed_record(signature)
    now = case_record(case, revision=signature.revision, said=signed_results(before))
    holds = text_sha256(record_text(now)) == signature.content_sha256
    return Checked(intact, holds, [] if holds else record_changes(before, now))


def signed_results(record: Record) -> dict[UUID, Prediction]:
    """Return the results that stand in a record; a newer one of the image is none of them."""
    ids = [one["prediction"]["id"] for one in record["images"] if one["prediction"]]
    found = Prediction.objects.filter(pk__in=ids).select_related("model")
    return {one.image_id: one for one in found.prefetch_related("class_scores")}


def changes_since_before(signature: Signature) -> list[Change]:
    """Return what an amended revision says differently from the one before it."""
    earlier = Signature.objects.filter(
        review=signature.review_id, revision__lt=signature.revision
    ).first()
    return record_changes(signed_record(earlier), signed_record(signature)) if earlier else []
