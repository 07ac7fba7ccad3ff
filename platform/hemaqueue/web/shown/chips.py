"""States as people see them: a kind (its colour), an icon, a word. Derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hemaqueue.common.wording import said_once
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState


@dataclass(frozen=True)
class Chip:
    """`kind` is attention, failed, done, waiting or working; `title` is shown on hover."""

    kind: str
    icon: str
    word: str
    title: str = ""


def job_chip(job: Job | None, *, paused: bool = False) -> Chip:
    """Return the state of an image's work; None means that no work was asked for yet."""
    if job is None:
        return Chip("waiting", "circle", _("received"))
    state = JobState(job.state)
    if paused and not state.is_final:
        return Chip("waiting", "pause-circle", _("paused"), _("No worker has been heard"))
    return _of_state(state, job.error_code)


@said_once
def _of_state(state: JobState, code: str) -> Chip:
    return {
        JobState.QUEUED: Chip("waiting", "circle", _("waiting")),
        JobState.SENT: Chip("waiting", "circle", _("waiting"), _("Handed to a worker's queue")),
        JobState.RUNNING: Chip("working", "arrow-repeat", _("working")),
        JobState.SUCCEEDED: Chip("done", "check-circle", _("done")),
        JobState.FAILED: Chip("failed", "exclamation-octagon", _("failed"), code),
        JobState.DEAD: Chip("failed", "exclamation-octagon", _("given up"), code),
        JobState.CANCELLED: Chip("waiting", "slash-circle", _("cancelled")),
    }[state]


def held_chip() -> Chip:
    """Return the state of a poor image that waits for its sender's choice."""
    return Chip(
        "attention", "pause-circle", _("held"), _("Poor picture: retake it, or send it anyway")
    )


def withdrawn_chip() -> Chip:
    return Chip("waiting", "trash", _("taken back"))


def attention(word: str, title: str = "") -> Chip:
    return Chip("attention", "exclamation-diamond", word, title)


def gate_chip(passed: bool | None) -> Chip:
    return {
        True: Chip("done", "check-circle", _("reached")),
        False: Chip("attention", "exclamation-diamond", _("not reached")),
        None: Chip("waiting", "dash-lg", _("no figure")),
    }[passed]
