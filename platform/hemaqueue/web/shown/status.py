"""The state of the installation in words, each fault with what helps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.audit.backups import backup_latest
from hemaqueue.jobs.selectors import QueueTruth, queue_truth
from hemaqueue.pipeline.dispatcher import news_is_heard
from hemaqueue.pipeline.proving import unproved
from hemaqueue.pipeline.readiness import holds, redis_answers
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.proving import proof_latest
from hemaqueue.registry.selectors import model_list
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.queue import LATE_SECONDS
from jobcontract import storage
from jobcontract.names import Queue

LOW_DISK_BYTES = 5 << 30
OLDEST_BACKUP_HOURS = 26
SAID_FROM_SECONDS = 60


@dataclass(frozen=True)
class PartShown:
    """One part of the system; `remedy` is empty while all is well."""

    word: str
    chip: Chip
    sentence: str
    remedy: str = ""


def parts_shown(user: User) -> list[PartShown]:
    """Return every part as an image meets them; backups for who runs the installation."""
    return [
        _redis(),
        _news(),
        _queue(Queue.INFERENCE, _("Classification"), _("Start an inference worker.")),
        _queue(Queue.REPORTS, _("Reports"), _("Start the report worker.")),
        *_training(),
        *_models(),
        _disk(),
        *([_backup()] if runs_installation(user) else []),
    ]


def is_well(parts: list[PartShown]) -> bool:
    return all(part.chip.kind in ("done", "waiting") for part in parts)


def _redis() -> PartShown:
    if holds(redis_answers):
        return PartShown("Redis", _well(_("running")), _("It hands the work to the workers."))
    chip = Chip("failed", "exclamation-octagon", _("away"))
    sentence = _("Redis does not answer. Work is late, and none is lost.")
    return PartShown("Redis", chip, sentence, _("Start Redis again. Nothing has to be restored."))


def _news() -> PartShown:
    if news_is_heard():
        sentence = _("Work is given out, and what becomes of it is heard.")
        return PartShown(_("News"), _well(_("heard")), sentence)
    chip = Chip("failed", "exclamation-octagon", _("not heard"))
    sentence = _("Nothing is given out and nothing is recorded. What was sent is safe and waits.")
    remedy = _("Start the dispatcher and the records worker; if both run, look at Redis.")
    return PartShown(_("News"), chip, sentence, remedy)


def _training() -> Iterator[PartShown]:
    """Training is there where it is used: where a worker is, or where something waits for one."""
    truth = queue_truth(Queue.TRAINING)
    if truth.workers or truth.waiting:
        yield _queue(Queue.TRAINING, _("Training"), _("Start a training worker."))


def _well(word: str) -> Chip:
    return Chip("done", "check-circle", word)


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
    return PartShown(word, _well(_("running")), sentence)


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
    missing = {version.pk for version in unproved()}
    for version in serving:
        word = _("Model for %s") % kind_word(version.image_kind)
        if version.pk in missing:
            yield PartShown(word, *_not_proved(version))
        else:
            yield PartShown(word, _well(_("serving")), _named(version) + _proved(version))
    if not serving:
        chip = Chip("failed", "exclamation-octagon", _("missing"))
        sentence = _("No model serves, so images cannot be sent.")
        yield PartShown(_("Models"), chip, sentence, _("Register a bundle and promote it."))


def _named(version: ModelVersion) -> str:
    name = f"{version.name} ({version.digest[:12]})."
    if version.is_demonstration:
        name += " " + _("A demonstration: it says nothing about a patient.")
    return name + " "


def _proved(version: ModelVersion) -> str:
    proof = proof_latest(version)
    if proof is None:
        return ""
    minutes = round((timezone.now() - proof.at).total_seconds() / 60)
    return _("A worker scored the known picture with it %(n)d min ago.") % {"n": minutes}


def _not_proved(version: ModelVersion) -> tuple[Chip, str, str]:
    """Return chip, sentence and remedy of a version that no worker has shown to work."""
    chip = Chip("attention", "exclamation-diamond", _("not proved"))
    proof = proof_latest(version)
    if proof and proof.fault:
        sentence = _("A worker said of the known picture what it must not say.")
        remedy = _("Let the former version serve again, and look at the worker's log.")
        return chip, f"{_named(version)}{sentence} {proof.fault}", remedy
    sentence = _("No worker that is there has scored the known picture with it.")
    remedy = _("Wait a minute after a start. Then look at the log of the inference worker.")
    return chip, _named(version) + sentence, remedy


def _backup() -> PartShown:
    last = backup_latest()
    remedy = _("Run ./hemaqueue backup every night, and keep it on another machine.")
    if last is None:
        chip = Chip("waiting", "circle", _("none"))
        return PartShown(_("Backup"), chip, _("No backup was ever made."), remedy)
    hours = (timezone.now() - last.at).total_seconds() / 3600
    sentence = _("The last one was finished %(n)d h ago: %(files)d files, %(mb)d MB.") % {
        "n": hours,
        "files": last.files,
        "mb": last.bytes >> 20,
    }
    if hours > OLDEST_BACKUP_HOURS:
        chip = Chip("attention", "exclamation-diamond", _("old"))
        return PartShown(_("Backup"), chip, sentence, remedy)
    return PartShown(_("Backup"), _well(_("made")), sentence)


def _disk() -> PartShown:
    free = storage.free_bytes()
    sentence = _("%(n)d GB free for images.") % {"n": free >> 30}
    if free < LOW_DISK_BYTES:
        chip = Chip("attention", "exclamation-diamond", _("low"))
        return PartShown(_("Disk"), chip, sentence, _("Make room, before uploads are refused."))
    return PartShown(_("Disk"), _well(_("enough")), sentence)
