"""Results as rows: one image each, with the newest suggestion and the newest decision.

Without a reason nothing stands in them by which a patient or a file could be known: ids of this
installation, days, and no free text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import site_ids, sites_allowing
from hemaqueue.exports.models import Export
from hemaqueue.exports.questions import RESULT_FILTERS, question
from hemaqueue.exports.tables import Row
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.first_reads import images_revealed, predictions_shown
from hemaqueue.reviews.models import Choice, Decision
from hemaqueue.reviews.reading import decisions_shown
from hemaqueue.reviews.searching import narrowed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_list
from jobcontract.names import Work

AT_ONCE = 500
#: Filters that tell what a model said; who reads blind finds with them what was revealed.
TELLING = frozenset({"label", "band", "flag", "model"})
PLAIN = (
    "image", "case", "batch", "site", "received_on", "image_kind", "specimen", "stain", "width",
    "height", "quality_flags", "state", "suggestion", "confidence", "malignant",
    *(f"score_{code}" for code in CLASSES), "flags", "model", "model_digest", "decision", "decided",
    "reason", "corrects", "decided_on", "review", "revision",
)  # fmt: skip
NAMING = (
    "accession", "patient", "file", "sha256", "received_at", "reader", "decided_at", "note",
)  # fmt: skip


def columns(*, identified: bool) -> tuple[str, ...]:
    return (*PLAIN, *NAMING) if identified else PLAIN


def result_sites(user: User, *, identified: bool) -> list[UUID]:
    """Return the sites whose results `user` may take away; shared cases are not theirs to take."""
    if identified:
        return [site.pk for site in sites_allowing(user, act=Act.EXPORT_IDENTIFIED)]
    return site_ids(user)


def result_images(export: Export, *, sites: Sequence[UUID]) -> QuerySet[SmearImage]:
    """Return the images that are all of what was asked, of these sites, newest first."""
    found = image_list(export.requested_by).filter(site__in=sites)
    if not TELLING.isdisjoint(export.asked):
        found = images_revealed(found, reader=export.requested_by)
    chosen = narrowed(found, question(export.asked, known=RESULT_FILTERS))
    return chosen.select_related("case__review", "site", "slide__specimen")


def result_rows(images: QuerySet[SmearImage], *, identified: bool, reader: User) -> Iterator[Row]:
    """Yield the rows, some hundred images at a time: memory does not grow with their number.

    What is kept from `reader` until their first read is in no row.
    """
    waiting: list[SmearImage] = []
    for image in images.iterator(AT_ONCE):
        waiting.append(image)
        if len(waiting) == AT_ONCE:
            yield from _rows(waiting, identified=identified, reader=reader)
            waiting = []
    yield from _rows(waiting, identified=identified, reader=reader)


def _rows(images: list[SmearImage], *, identified: bool, reader: User) -> Iterator[Row]:
    ids = [image.pk for image in images]
    said, decided = predictions_shown(ids, reader=reader), decisions_shown(ids, reader=reader)
    jobs = jobs_latest(ids, work=Work.CLASSIFY_SMEARS)
    for image in images:
        prediction, decision = said.get(image.pk), decided.get(image.pk)
        row = _image(image, jobs.get(image.pk)) | _said(prediction) | _decided(decision, prediction)
        yield row | _naming(image, decision) if identified else row


def _image(image: SmearImage, job: Job | None) -> Row:
    review = getattr(image.case, "review", None)
    return {
        "image": str(image.pk),
        "case": str(image.case_id),
        "batch": str(image.batch_id or ""),
        "site": image.site.slug,
        "received_on": image.uploaded_at.date().isoformat(),
        "image_kind": image.kind,
        "specimen": image.slide.specimen.type,
        "stain": image.slide.stain,
        "width": image.width,
        "height": image.height,
        "quality_flags": list(image.quality_flags),
        "state": job.state if job else "",
        "review": review.state if review else "",
        "revision": review.revision if review else None,
    }


def _said(prediction: Prediction | None) -> Row:
    if prediction is None:
        return {}
    scores = {f"score_{one.label}": round(one.score, 4) for one in prediction.class_scores.all()}
    return scores | {
        "suggestion": prediction.label,
        "confidence": round(prediction.confidence, 4),
        "malignant": round(prediction.malignant, 4),
        "flags": list(prediction.flags),
        "model": prediction.model.name,
        "model_digest": prediction.model.digest,
    }


def _decided(decision: Decision | None, prediction: Prediction | None) -> Row:
    if decision is None:
        return {}
    named = decision.choice == Choice.LABEL
    return {
        "decision": decision.choice,
        "decided": decision.label,
        "reason": decision.reason,
        "corrects": named and prediction is not None and prediction.label != decision.label,
        "decided_on": decision.at.date().isoformat(),
    }


def _naming(image: SmearImage, decision: Decision | None) -> Row:
    return {
        "accession": image.case.accession,
        "patient": image.case.patient,
        "file": image.filename,
        "sha256": image.sha256,
        "received_at": image.uploaded_at.isoformat(),
        "reader": decision.reader.username if decision else "",
        "decided_at": decision.at.isoformat() if decision else "",
        "note": decision.note if decision else "",
    }
