"""What happened to an image, in order: upload, check, work, acts of people, signatures, reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent, Outcome
from hemaqueue.jobs.models import Job, JobEvent
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.classes import class_words
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reports.models import Report
from hemaqueue.reviews.first_reads import is_withheld
from hemaqueue.reviews.models import Amendment, LabelWithdrawal, Signature
from hemaqueue.reviews.reading import hidden_from
from hemaqueue.reviews.selectors import amendments_of, signatures_of
from hemaqueue.reviews.withdrawing import withdrawals_of
from hemaqueue.specimens.models import ScaleChange, SmearImage
from hemaqueue.web.shown.acts import ACTS, act_detail, act_words
from hemaqueue.web.shown.flags import checks_of
from hemaqueue.web.shown.numbers import score
from hemaqueue.web.shown.scale import scale_words
from hemaqueue.web.shown.walking import WITHOUT, Walk
from hemaqueue.web.shown.withdrawing import TeachingShown, teaching_shown
from hemaqueue.web.templatetags.ui import seconds
from jobcontract.names import Work

MOST_ACTS = 200


@dataclass(frozen=True)
class Entry:
    at: datetime
    words: str
    detail: str = ""
    kind: str = "waiting"


@dataclass(frozen=True)
class TimelineShown:
    """`teaching` says whether a later model may learn from the image; None while that is kept."""

    entries: list[Entry]
    teaching: TeachingShown | None


def timeline_shown(image: SmearImage, *, user: User, walk: Walk = WITHOUT) -> TimelineShown:
    job = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS).get(image.pk)
    withheld = is_withheld(image, reader=user)
    prediction = None if withheld else prediction_of(image)
    return TimelineShown(
        entries=image_timeline(image, job=job, prediction=prediction, user=user),
        teaching=None if withheld else teaching_shown(image, user=user, walk=walk),
    )


def image_timeline(
    image: SmearImage,
    *,
    job: Job | None,
    prediction: Prediction | None,
    user: User,
) -> list[Entry]:
    """Return what happened to an image and its case, oldest first.

    What nobody may know yet who reads blind is left out: the classes that others decided on.
    """
    revealed = _is_revealed(image, reader=user)
    entries = [Entry(image.uploaded_at, _("sent by %s") % image.uploaded_by.printed_name)]
    entries.append(_checked(image))
    said = _said(image, job=job, prediction=prediction)
    if job is not None:
        own = next((one for one in said if one.job_id == job.pk), None)
        events = job.events.select_related("by")
        entries += [entry for event in events if (entry := _of_event(event, own))]
    entries += [_scored_again(one) for one in said if job is None or one.job_id != job.pk]
    entries += [scale_entry(one) for one in image.scale_changes.select_related("by")]
    if revealed:
        entries += [withdrawal_entry(one) for one in withdrawals_of(image)]
    reports = list(Report.objects.filter(case=image.case_id).select_related("requested_by"))
    entries += _of_acts(_acts(image, reports), revealed=revealed)
    entries += [_of_signature(one) for one in signatures_of(image.case)]
    entries += [_of_amendment(one) for one in amendments_of(image.case)]
    entries += [_of_report(one) for one in reports if one.rendered_at]
    return sorted(entries, key=lambda entry: entry.at)


def _said(image: SmearImage, *, job: Job | None, prediction: Prediction | None) -> list[Prediction]:
    """Return every result of the image where there may be more than the one shown; none unseen."""
    if prediction is None or (job is not None and prediction.job_id == job.pk):
        return [prediction] if prediction else []
    found = Prediction.objects.filter(image=image).select_related("model")
    return list(found.order_by("created_at"))


def _scored_again(prediction: Prediction) -> Entry:
    words = _("scored again by %(name)s") % {"name": prediction.model.name}
    named = f"{class_words(prediction.label).name} {score(prediction.confidence)}"
    return Entry(prediction.created_at, words, named, "done")


def _is_revealed(image: SmearImage, *, reader: User) -> bool:
    hidden = hidden_from(reader, images=[image.pk])
    return not hidden and not is_withheld(image, reader=reader)


def _checked(image: SmearImage) -> Entry:
    """Return what the check at the door found; it ended when the image was accepted."""
    words = ", ".join(str(check.word) for check in checks_of(image.quality_flags))
    if words:
        return Entry(image.uploaded_at, _("checked"), words, "attention")
    return Entry(image.uploaded_at, _("checked"), _("no complaint"), "done")


def _acts(image: SmearImage, reports: Sequence[Report]) -> list[AuditEvent]:
    """Return the newest acts of people on an image, its case and their reports, oldest first."""
    about = [str(pk) for pk in (image.pk, image.case_id, *(one.pk for one in reports))]
    found = AuditEvent.objects.filter(object_id__in=about, action__in=ACTS, outcome=Outcome.DONE)
    newest = found.select_related("actor").order_by("-id")[:MOST_ACTS]
    return list(reversed(newest))


def _of_acts(events: Iterable[AuditEvent], *, revealed: bool) -> Iterator[Entry]:
    """Yield one entry for each act; the same act again and again is one, with its number."""
    for (action, _actor, _details), same in groupby(events, key=_kind):
        first, *more = same
        who = first.actor.printed_name if first.actor else _("the system")
        times = ngettext("%(n)d time", "%(n)d times", len(more) + 1) % {"n": len(more) + 1}
        detail = act_detail(first.details, revealed=revealed)
        parts = (detail, times if more else "")
        words = act_words(action, who=who)
        yield Entry(first.at, words, " · ".join(filter(None, parts)), ACTS[action].kind)


def _kind(event: AuditEvent) -> tuple[str, str, str]:
    return event.action, str(event.actor_id), json.dumps(event.details, sort_keys=True)


def _of_report(report: Report) -> Entry:
    words = _("report revision %(n)d made") % {"n": report.revision}
    kind = "done" if report.signature_id else "attention"
    made = report.rendered_at or report.requested_at
    return Entry(made, words, str(report.get_status_display()).lower(), kind)


def _of_event(event: JobEvent, prediction: Prediction | None) -> Entry | None:
    """Return a move of the job in words; being sent to Redis is no news to anybody."""
    state = JobState(event.state)
    if state is JobState.SENT:
        return None
    if state is JobState.QUEUED:
        return _queued(event)
    if state is JobState.RUNNING:
        detail = _("try %(n)d") % {"n": event.attempt} if event.attempt > 1 else ""
        return Entry(event.at, _("a worker began"), detail, "working")
    if state is JobState.SUCCEEDED:
        detail = _by_model(prediction) if prediction else ""
        return Entry(event.at, _("classified"), detail, "done")
    words = {
        JobState.FAILED: _("could not be classified"),
        JobState.DEAD: _("given up after several tries"),
        JobState.CANCELLED: _("cancelled"),
    }
    return Entry(event.at, words[state], event.code, "failed")


def _by_model(prediction: Prediction) -> str:
    named = f"{class_words(prediction.label).name} {score(prediction.confidence)}"
    return f"{prediction.model.name}, {named}, {seconds(prediction.seconds)}"


def _queued(event: JobEvent) -> Entry:
    if event.attempt == 0:
        return Entry(event.at, _("waits for a worker"))
    if event.by:
        return Entry(event.at, _("tried again by %s") % event.by.printed_name)
    return Entry(event.at, _("waits for another try"), event.code, "attention")


def withdrawal_entry(one: LabelWithdrawal) -> Entry:
    what = str(class_words(one.label.label).name) if one.label else _("the image")
    words = _("%(who)s withdrew %(what)s from training")
    if one.back:
        words = _("%(who)s put %(what)s back into training")
    said = words % {"who": one.by.printed_name, "what": what}
    return Entry(one.at, said, one.reason, "waiting" if one.back else "attention")


def scale_entry(one: ScaleChange) -> Entry:
    values = {"before": scale_words(one.before), "after": scale_words(one.after)}
    words = _("%s corrected the scale") % one.by.printed_name
    change = _("%(before)s → %(after)s") % values
    return Entry(one.at, words, f"{change} · {one.reason}", "attention")


def _of_signature(signature: Signature) -> Entry:
    words = _("%(name)s signed revision %(n)d of the case") % {
        "name": signature.printed_name,
        "n": signature.revision,
    }
    return Entry(signature.at, words, str(signature.get_meaning_display()).lower(), "done")


def _of_amendment(amendment: Amendment) -> Entry:
    by = amendment.by.printed_name if amendment.by else _("the system")
    words = _("%(by)s opened the case again") % {"by": by}
    return Entry(amendment.at, words, amendment.reason, "attention")
