"""The state of the installation in words, each fault with what helps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.jobs.selectors import QueueTruth, queue_truth
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_list
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.queue import LATE_SECONDS
from jobcontract import storage
from jobcontract.names import Queue

LOW_DISK_BYTES = 5 << 30
SAID_FROM_SECONDS = 60


@dataclass(frozen=True)
class PartShown:
    """One part of the system; `remedy` is empty while all is well."""

    word: str
    chip: Chip
    sentence: str
    remedy: str = ""


def parts_shown() -> list[PartShown]:
    return [
        _queue(Queue.INFERENCE, _("Classification"), _("Start an inference worker.")),
        _queue(Queue.REPORTS, _("Reports"), _("Start the report worker.")),
        *_models(),
        _disk(),
    ]


def is_well(parts: list[PartShown]) -> bool:
    return all(part.chip.kind == "done" for part in parts)


def _queue(queue: Queue, word: str, remedy: str) -> PartShown:
    truth = queue_truth(queue)
    sentence = _depth(truth)
    if truth.is_paused:
        chip = Chip("attention", "pause-circle", _("paused"))
        safe = _("No worker has been heard lately. What was sent is safe and waits.")
        return PartShown(word, chip, f"{safe} {sentence}", remedy)
    if truth.oldest and (timezone.now() - truth.oldest).total_seconds() >= LATE_SECONDS:
        slow = Chip("attention", "hourglass-split", _("slow"))
        return PartShown(word, slow, sentence, _("Start more workers, or wait for a quieter hour."))
    return PartShown(word, Chip("done", "check-circle", _("running")), sentence)


def _depth(truth: QueueTruth) -> str:
    workers = ngettext("%(n)d worker", "%(n)d workers", truth.workers) % {"n": truth.workers}
    sentence = _("%(workers)s; %(waiting)d waiting, %(running)d in work.") % {
        "workers": workers,
        "waiting": truth.waiting,
        "running": truth.running,
    }
    if truth.oldest is None:
        return sentence
    age = (timezone.now() - truth.oldest).total_seconds()
    if age < SAID_FROM_SECONDS:
        return sentence
    return sentence + " " + _("The oldest has waited %(n)d min.") % {"n": round(age / 60)}


def _models() -> Iterator[PartShown]:
    serving = list(model_list().filter(status=ModelStatus.SERVING))
    for version in serving:
        word = _("Model for %s") % kind_word(version.image_kind)
        sentence = version.name
        if version.is_demonstration:
            sentence += ". " + _("A demonstration: it says nothing about a patient.")
        yield PartShown(word, Chip("done", "check-circle", _("serving")), sentence)
    if not serving:
        chip = Chip("failed", "exclamation-octagon", _("missing"))
        sentence = _("No model serves, so images cannot be sent.")
        yield PartShown(_("Models"), chip, sentence, _("Register a bundle and promote it."))


def _disk() -> PartShown:
    free = storage.free_bytes()
    sentence = _("%(n)d GB free for images.") % {"n": free >> 30}
    if free < LOW_DISK_BYTES:
        chip = Chip("attention", "exclamation-diamond", _("low"))
        return PartShown(_("Disk"), chip, sentence, _("Make room, before uploads are refused."))
    return PartShown(_("Disk"), Chip("done", "check-circle", _("enough")), sentence)
