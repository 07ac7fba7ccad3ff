"""What waits and who works, in words: the chip of every page and the status page's sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.jobs.selectors import QueueTruth, queue_truth
from hemaqueue.web.shown.chips import Chip
from jobcontract.names import Queue

LATE_SECONDS = 600


@dataclass(frozen=True)
class QueueShown:
    """The queue of the images; `remedy` says what helps when it is paused."""

    chip: Chip
    paused: bool
    waiting: int
    running: int
    workers: int
    processes: int
    oldest: datetime | None
    remedy: str


def queue_shown(queue: Queue = Queue.INFERENCE) -> QueueShown:
    """Return the truth of `queue` at this moment."""
    truth = queue_truth(queue)
    return QueueShown(
        chip=_chip(truth),
        paused=truth.is_paused,
        waiting=truth.waiting,
        running=truth.running,
        workers=truth.workers,
        processes=truth.processes,
        oldest=truth.oldest,
        remedy=_("No worker has been heard lately. It goes on by itself when one is back."),
    )


def _chip(truth: QueueTruth) -> Chip:
    if truth.is_paused:
        word = _("paused, %(n)d waiting") % {"n": truth.waiting} if truth.waiting else _("paused")
        return Chip("attention", "pause-circle", word, _("No worker has been heard lately"))
    if not truth.waiting and not truth.running:
        return Chip("done", "check-circle", _("nothing waits"))
    if not truth.waiting:
        word = ngettext("%(n)d in work", "%(n)d in work", truth.running) % {"n": truth.running}
        return Chip("done", "check-circle", word)
    words = [ngettext("%(n)d waiting", "%(n)d waiting", truth.waiting) % {"n": truth.waiting}]
    age = (timezone.now() - truth.oldest).total_seconds() if truth.oldest else 0.0
    if age >= 60:
        words.append(_("%(n)d min") % {"n": round(age / 60)})
    if age >= LATE_SECONDS:
        return Chip("attention", "hourglass-split", ", ".join(words), _("Waiting for long"))
    return Chip("done", "check-circle", ", ".join(words), _("Waiting now, and since when"))
