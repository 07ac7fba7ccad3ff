"""What happened to an image, in order: upload, work, decisions, and its case's signatures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hemaqueue.jobs.models import Job, JobEvent
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.models import Amendment, Decision, Signature
from hemaqueue.reviews.selectors import amendments_of, signatures_of
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.decisions import decision_word
from hemaqueue.web.templatetags.ui import seconds


@dataclass(frozen=True)
class Entry:
    at: datetime
    words: str
    detail: str = ""
    kind: str = "waiting"


def image_timeline(
    image: SmearImage,
    *,
    job: Job | None,
    prediction: Prediction | None,
    decisions: Iterable[Decision],
) -> list[Entry]:
    sent = _("sent by %s") % image.uploaded_by.printed_name
    entries = [Entry(image.uploaded_at, sent)]
    if job is not None:
        events = job.events.select_related("by")
        entries += [entry for event in events if (entry := _of_event(event, prediction))]
    entries += [_of_decision(decision) for decision in decisions]
    entries += [_of_signature(one) for one in signatures_of(image.case)]
    entries += [_of_amendment(one) for one in amendments_of(image.case)]
    return sorted(entries, key=lambda entry: entry.at)


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
        detail = f"{prediction.model.name}, {seconds(prediction.seconds)}" if prediction else ""
        return Entry(event.at, _("classified"), detail, "done")
    words = {
        JobState.FAILED: _("could not be classified"),
        JobState.DEAD: _("given up after several tries"),
        JobState.CANCELLED: _("cancelled"),
    }
    return Entry(event.at, words[state], event.code, "failed")


def _queued(event: JobEvent) -> Entry:
    if event.attempt == 0:
        return Entry(event.at, _("waits for a worker"))
    if event.by:
        return Entry(event.at, _("tried again by %s") % event.by.printed_name)
    return Entry(event.at, _("waits for another try"), event.code, "attention")


def _of_decision(decision: Decision) -> Entry:
    words = _("%(reader)s decided: %(choice)s") % {
        "reader": decision.reader.printed_name,
        "choice": decision_word(decision),
    }
    return Entry(decision.at, words, kind="done")


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
