"""From the records of a case to the content of its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.classes import class_words
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import heatmap_of
from hemaqueue.reports import words
from hemaqueue.reports.content import (
    ImageContent,
    ModelContent,
    Reading,
    ReportContent,
    ScoreLine,
    Suggestion,
)
from hemaqueue.reports.figures import model_content
from hemaqueue.reports.models import Report, ReportStatus
from hemaqueue.reports.signatures import signature_content
from hemaqueue.reviews.changes import decision_words
from hemaqueue.reviews.checking import signed_record, signed_results
from hemaqueue.reviews.models import Choice, Reason
from hemaqueue.reviews.record import Record, case_record
from hemaqueue.reviews.selectors import review_revision
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.scale import scales_at, size_on_glass
from jobcontract.names import Work


def report_content(report: Report) -> ReportContent:
    """Return what the report says: what was signed, or for a preliminary one what is known now."""
    record = report_record(report)
    said = signed_results(record)
    images = _images(record)
    jobs = jobs_latest([image.pk for image in images], work=Work.CLASSIFY_SMEARS)
    names = _names(record)
    scales = scales_at(images, moment=report.signature.at if report.signature else None)
    contents = [
        _image(
            number,
            image,
            said=said.get(image.pk),
            job=jobs.get(image.pk),
            scale=scales.get(image.pk),
            readings=[_reading(d, said=said.get(image.pk), names=names) for d in one["decisions"]],
        )
        for number, (image, one) in enumerate(zip(images, record["images"], strict=True), start=1)
    ]
    case = report.case
    return ReportContent(
        id=str(report.pk),
        language=report.language,
        revision=report.revision,
        status=str(ReportStatus(report.status).label),
        site=case.site.name,
        accession=record["case"]["accession"],
        patient=record["case"]["patient"],
        urgent=case.urgent,
        requested_by=words.straight(report.requested_by.printed_name),
        requested=words.moment(report.requested_at),
        opened=words.moment(case.created_at),
        summary=summary(contents),
        images=contents,
        models=_models(said.values()),
        intended_use=str(words.INTENDED_USE),
        signature=signature_content(report.signature) if report.signature else None,
        verify_url=f"{settings.HEMAQUEUE['PUBLIC_URL'].rstrip('/')}/verify/{report.pk}/",
    )


def report_record(report: Report) -> Record:
    if report.signature:
        return signed_record(report.signature)
    return case_record(report.case, revision=review_revision(report.case))


def _images(record: Record) -> list[SmearImage]:
    """Return the images of a record in its order, withdrawn since or not."""
    ids = [UUID(one["id"]) for one in record["images"]]
    found = SmearImage.objects.select_related("slide__specimen").in_bulk(ids)
    return [found[pk] for pk in ids]


def _names(record: Record) -> dict[str, str]:
    ids = {one["reader"] for image in record["images"] for one in image["decisions"]}
    return {
        str(one.pk): words.straight(one.printed_name) for one in User.objects.filter(pk__in=ids)
    }


def _image(
    number: int,
    image: SmearImage,
    *,
    said: Prediction | None,
    job: Job | None,
    scale: float | None,
    readings: list[Reading],
) -> ImageContent:
    flags = list(dict.fromkeys([*(said.flags if said else ()), *image.quality_flags]))
    return ImageContent(
        number=number,
        id=str(image.pk),
        sha256=image.sha256,
        specimen=str(image.slide.specimen.get_type_display()),
        stain=image.slide.stain,
        size=_size(image, scale=scale),
        received=words.moment(image.uploaded_at),
        flags=words.flag_names(flags),
        checks=words.flag_sentences(flags),
        suggestion=_suggestion(said) if said else None,
        state="" if said else _without_result(job),
        readings=readings,
    )


def _size(image: SmearImage, *, scale: float | None) -> str:
    """Return the size on the glass where the scale is known, then in pixels: a unit follows."""
    size = f"{image.width} × {image.height}"
    if not scale:
        return size
    width, height = size_on_glass(image, scale=scale)
    return f"{width:g} × {height:g} µm ({scale:.4g} µm/px) · {size}"


def _without_result(job: Job | None) -> str:
    if job is not None and job.state in (JobState.FAILED, JobState.DEAD):
        detail = fault_told(job) or _("the work did not succeed.")
        return _("No result: %(detail)s") % {"detail": detail}
    return _("No result yet.")


def _suggestion(said: Prediction) -> Suggestion:
    heatmap = heatmap_of(said)
    named = class_words(said.label)
    return Suggestion(
        name=str(named.name),
        style=named.css,
        confidence=words.confidence(said.confidence),
        malignant=words.score(said.malignant),
        lines=[_line(one.label, one.score) for one in said.class_scores.all()],
        model=said.model.name,
        at=words.moment(said.created_at),
        heatmap_of=str(class_words(heatmap.label).name) if heatmap else "",
        heatmap=heatmap.pk if heatmap else None,
    )


def _line(label: str, value: float) -> ScoreLine:
    named = class_words(label)
    width = max(0, min(1000, round(1000 * value)))
    return ScoreLine(str(named.name), named.css, words.score(value), width)


def _reading(decision: Record, *, said: Prediction | None, names: dict[str, str]) -> Reading:
    labelled = decision["choice"] == Choice.LABEL
    return Reading(
        reader=names.get(decision["reader"], ""),
        said=decision_words(decision),
        reason=str(Reason(decision["reason"]).label) if decision["reason"] else "",
        note=words.straight(decision["note"]),
        at=words.moment(datetime.fromisoformat(decision["at"])),
        corrects=labelled and said is not None and said.label != decision["label"],
    )


def _models(said: Iterable[Prediction]) -> list[ModelContent]:
    versions = {prediction.model_id: prediction.model for prediction in said}
    ordered = sorted(versions.values(), key=lambda version: version.name)
    return [model_content(version) for version in ordered]


def summary(images: list[ImageContent]) -> list[str]:
    """Return the case in sentences: counts of pictures, never a statement about a patient."""
    said = Counter(image.suggestion.name for image in images if image.suggestion)
    read = sum(bool(image.readings) for image in images)
    corrected = sum(any(one.corrects for one in image.readings) for image in images)
    flagged = sum(bool(image.flags) for image in images)
    counted = ngettext("%(n)d picture", "%(n)d pictures", len(images)) % {"n": len(images)}
    with_result = {"pictures": counted, "n": sum(said.values())}
    lines = [_("%(pictures)s, %(n)d with a suggestion.") % with_result]
    if said:
        counts = ", ".join(f"{name} {count}" for name, count in said.most_common())
        lines.append(_("Suggested by the model: %(counts)s.") % {"counts": counts})
    by_people = {"read": read, "all": len(images), "corrected": corrected}
    lines.append(_("Read by a person: %(read)d of %(all)d; corrected: %(corrected)d.") % by_people)
    if flagged:
        words_flagged = ngettext(
            "To be looked at first: %(n)d picture with a flag.",
            "To be looked at first: %(n)d pictures with a flag.",
            flagged,
        )
        lines.append(words_flagged % {"n": flagged})
    return lines
